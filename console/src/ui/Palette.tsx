import { useEffect, useRef, useState } from "preact/hooks";
import { go } from "../state/router.tsx";
import { openHelp } from "./Help.tsx";
import { createSignal } from "./signal.ts";

const isOpen = createSignal(false);

export function openPalette(): void {
  isOpen.set(true);
}

interface Command {
  readonly name: string;
  readonly keys?: string;
  run(): void;
}

const to = (name: string, path: string, keys?: string): Command => ({
  name,
  run: () => go(path),
  ...(keys ? { keys } : {}),
});

const COMMANDS: readonly Command[] = [
  to("Overview", "/", "g o"),
  to("Try it", "/try", "g t"),
  to("Sessions", "/sessions", "g s"),
  to("Live sessions", "/sessions?filter=status:open"),
  to("Hooks", "/hooks", "g h"),
  to("Dead hooks by cause", "/hooks?view=groups"),
  to("Pending hooks", "/hooks?view=list&status=pending"),
  to("Accepted hooks", "/hooks?view=list&status=accepted"),
  to("Which provider has which session", "/hooks?view=matrix"),
  to("Replies and messages that did not arrive", "/undelivered", "g u"),
  to("Bulk operations", "/operations", "g b"),
  to("Replay past sessions", "/operations?replay=1"),
  to("Audit log", "/audit", "g a"),
  to("Forget a user", "/forget"),
  to("Health", "/health", "g e"),
  { name: "Keyboard help", keys: "?", run: openHelp },
];

/** Goes anywhere by typing a few letters of it, or a session's id. */
export function Palette() {
  return isOpen.use() ? <Open /> : null;
}

function Open() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [text, setText] = useState("");
  const [chosen, setChosen] = useState(0);
  useEffect(() => dialog.current?.showModal(), []);
  const found = search(text.trim());
  const close = () => dialog.current?.close();
  const run = (command: Command | undefined) => {
    close();
    command?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by !== 0) setChosen((found.length + chosen + by) % Math.max(1, found.length));
    else if (event.key === "Enter") run(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="palette" aria-label="Go to" onClose={() => isOpen.set(false)}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={`palette-${chosen}`}
        aria-label="A page, or the end of a session's id"
        placeholder="A page, or the end of a session's id"
        value={text}
        onInput={(event) => {
          setText(event.currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="palette-list" role="listbox" aria-label="Places">
        {found.map((command, index) => (
          <div
            key={command.name}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            onClick={() => run(command)}
            onKeyDown={onKeyDown}
            onPointerMove={() => setChosen(index)}
          >
            <span>{command.name}</span>
            {command.keys && <kbd>{command.keys}</kbd>}
          </div>
        ))}
      </div>
    </dialog>
  );
}

function search(text: string): readonly Command[] {
  const dlqMessages = text.toLowerCase();
  const named = COMMANDS.filter(({ name }) => name.toLowerCase().includes(dlqMessages));
  const isId = /^[0-9A-Za-z]{4,26}$/.test(text) && /\d/.test(text);
  const own = [
    ...(isId ? [to(`Session …${text.toUpperCase()}`, `/sessions/${encodeURIComponent(text)}`)] : []),
    ...(text.includes(":")
      ? [
          to(`Hooks with ${text}`, `/hooks?view=list&filter=${encodeURIComponent(text)}`),
          to(`Sessions with ${text}`, `/sessions?filter=${encodeURIComponent(text)}`),
        ]
      : []),
  ];
  return [...own, ...named];
}
