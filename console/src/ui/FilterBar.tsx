import { useEffect, useState } from "preact/hooks";
import { setQuery } from "../state/router.tsx";
import { Icon } from "./Icon.tsx";

/** Words that are offered as a press of a button. */
export interface Choice {
  readonly name: string;
  readonly term: string;
}

/** The filter of a list: what is typed, and the usual terms to press. It stands in the address. */
export function FilterBar({
  filter,
  choices,
  hint,
  label,
}: {
  readonly filter: string;
  readonly choices: readonly Choice[];
  readonly hint: string;
  readonly label: string;
}) {
  const [text, setText] = useState(filter);
  useEffect(() => setText(filter), [filter]);
  const terms = filter.split(/\s+/).filter(Boolean);
  const toggle = (term: string) => {
    const [field = ""] = term.split(":");
    const others = terms.filter((one) => !one.startsWith(`${field}:`));
    setQuery({ filter: (terms.includes(term) ? others : [...others, term]).join(" ") });
  };
  return (
    <div class="filters">
      <search>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            setQuery({ filter: text.trim() });
          }}
        >
          <Icon name="search" />
          <input
            data-filter
            type="search"
            aria-label={label}
            placeholder={hint}
            value={text}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
            onBlur={() => setQuery({ filter: text.trim() })}
          />
          <kbd>/</kbd>
        </form>
      </search>
      <div class="choices">
        {choices.map(({ name, term }) => (
          <button
            key={term}
            type="button"
            class="choice"
            aria-pressed={terms.includes(term)}
            onClick={() => toggle(term)}
          >
            {name}
          </button>
        ))}
      </div>
    </div>
  );
}
