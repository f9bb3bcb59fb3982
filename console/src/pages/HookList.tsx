import { useState } from "preact/hooks";
import type { HookView } from "../../../lib/operator/views.ts";
import { go, Link } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { type ActVerb, useActs } from "../ui/Acts.tsx";
import type { Wish } from "../ui/PlanDialog.tsx";
import { Answer, Badge, Empty, many, ShortId, Unread } from "../ui/parts.tsx";
import { usePages } from "../ui/usePages.ts";
import { HookButtons } from "./Deliveries.tsx";

type Hook = HookView & { readonly createdAt: string };

interface HooksAnswer {
  readonly hooks: readonly Hook[];
  readonly unread: readonly { readonly pk: string; readonly why: string }[];
  readonly next: string | null;
}

const VERBS: Readonly<
  Record<string, readonly { readonly verb: ActVerb; readonly name: string; readonly key?: string }[]>
> = {
  dead: [
    { verb: "redrive", name: "Redrive", key: "r" },
    { verb: "discard", name: "Discard", key: "d" },
  ],
  pending: [
    { verb: "forward", name: "Bring forward", key: "f" },
    { verb: "discard", name: "Discard", key: "d" },
  ],
  accepted: [
    { verb: "forward", name: "Ask now", key: "f" },
    { verb: "discard", name: "Discard", key: "d" },
  ],
  discarded: [{ verb: "restore", name: "Restore" }],
};

/** What stands in the column of times. */
const NEXT: Readonly<Record<string, string>> = { pending: "Next attempt", accepted: "Asked for" };

/** The most that are acted on one by one; more than that is a bulk action with its plan. */
const MOST_SELECTED = 100;

const keyOf = ({ session, provider }: { readonly session: string; readonly provider: string }) =>
  `${session} ${provider}`;

/** Hooks one by one, some of them selected. */
export function HookList({
  filter,
  status,
  onWish,
}: {
  readonly filter: string;
  readonly status: string;
  readonly onWish: (wish: Wish) => void;
}) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const acts = useActs(() => setSelected(new Set()));
  const { first, more, onMore } = usePages<HooksAnswer>(`/api/hooks?filter=${encodeURIComponent(filter)}`);
  const verbs = VERBS[status] ?? [];
  const toggle = (key: string) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    setSelected(next);
  };
  return (
    <Answer of={first}>
      {({ hooks, unread }) => {
        const all = [
          ...new Map([...hooks, ...more.flatMap((page) => page.hooks)].map((hook) => [keyOf(hook), hook])).values(),
        ];
        const chosen = all.filter((hook) => selected.has(keyOf(hook)));
        const isWhole = all.length > 0 && chosen.length === all.length;
        if (all.length === 0) {
          return (
            <Empty title={`No ${status === "all" ? "" : `${status} `}hooks${filter.includes(" ") ? " match" : ""}`}>
              {status === "dead"
                ? "Every session that ended is delivered, or on its way."
                : "Choose another state, or take a term out of the filter."}
            </Empty>
          );
        }
        return (
          <>
            <Unread rows={unread} />
            {acts.dialog}
            {verbs.length > 0 && (
              <fieldset class="bar sticky" aria-label="What to do with them">
                <span>
                  {chosen.length > 0
                    ? `${many(chosen.length, "hook")} selected`
                    : "Select hooks, or take all that match"}
                </span>
                <span class="end">
                  {verbs.map(({ verb, name, key }) =>
                    chosen.length > 0 ? (
                      <button
                        key={verb}
                        type="button"
                        class={verb === "discard" ? "button" : "button main"}
                        {...(key ? { "data-key": key } : {})}
                        disabled={chosen.length > MOST_SELECTED}
                        onClick={() => acts.act(verb, chosen)}
                      >
                        {name} {chosen.length}
                      </button>
                    ) : (
                      <button key={verb} type="button" class="button" onClick={() => onWish({ verb, filter })}>
                        {name} all …
                      </button>
                    ),
                  )}
                </span>
              </fieldset>
            )}
            <div class="table-frame panel">
              <table>
                <thead>
                  <tr>
                    {verbs.length > 0 && (
                      <th scope="col">
                        <input
                          type="checkbox"
                          aria-label="Select all that are shown"
                          checked={isWhole}
                          onChange={() => setSelected(new Set(isWhole ? [] : all.map(keyOf)))}
                        />
                      </th>
                    )}
                    <th scope="col">Session</th>
                    <th scope="col">Provider</th>
                    <th scope="col">State</th>
                    <th scope="col" class="number wide">
                      Attempts
                    </th>
                    <th scope="col">{NEXT[status] ?? "When"}</th>
                    <th scope="col">Last failure</th>
                    {verbs.length > 0 && (
                      <th scope="col" class="wide">
                        <span class="unseen">What to do</span>
                      </th>
                    )}
                  </tr>
                </thead>
                <tbody>
                  {all.map((hook) => (
                    <tr
                      key={keyOf(hook)}
                      data-row
                      tabIndex={0}
                      class={selected.has(keyOf(hook)) ? "selected" : ""}
                      onKeyDown={(event) =>
                        event.key === "Enter" && event.target === event.currentTarget && go(`/sessions/${hook.session}`)
                      }
                    >
                      {verbs.length > 0 && (
                        <td>
                          <input
                            type="checkbox"
                            data-key="x"
                            aria-label={`Select the hook of session ${hook.session.slice(-6)} at ${hook.provider}`}
                            checked={selected.has(keyOf(hook))}
                            onChange={() => toggle(keyOf(hook))}
                          />
                        </td>
                      )}
                      <td>
                        <Link to={`/sessions/${hook.session}`}>
                          <ShortId id={hook.session} />
                        </Link>
                      </td>
                      <td>{hook.provider}</td>
                      <td>
                        <Badge state={hook.status} />
                      </td>
                      <td class="number wide">{hook.attempts}</td>
                      <td>
                        <When at={hook.nextAttemptAt ?? hook.lastError?.at ?? hook.createdAt} />
                      </td>
                      <td class="grow">
                        {hook.lastError && (
                          <span class="clip" title={hook.lastError.message}>
                            {[hook.lastError.kind, hook.lastError.status].filter(Boolean).join(" ")}{" "}
                            <span class="faint">{hook.lastError.message}</span>
                          </span>
                        )}
                      </td>
                      {verbs.length > 0 && (
                        <td class="wide row-actions">
                          <HookButtons hook={hook} act={acts.act} />
                        </td>
                      )}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {onMore && (
              <button type="button" class="button more" onClick={onMore}>
                More
              </button>
            )}
          </>
        );
      }}
    </Answer>
  );
}
