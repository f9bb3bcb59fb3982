import { useState } from "preact/hooks";
import type { OperationView } from "../../../lib/operator/operations/OperationView.ts";
import { useAbout } from "../state/About.ts";
import { go, Link, setQuery, usePlace } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { PlanDialog, type Wish } from "../ui/PlanDialog.tsx";
import { Answer, Badge, Empty, Head } from "../ui/parts.tsx";
import { usePages } from "../ui/usePages.ts";

interface OperationsAnswer {
  readonly operations: readonly OperationView[];
  readonly next: string | null;
}

/** Bulk actions of all operators. */
export function Operations() {
  const { first, more, onMore } = usePages<OperationsAnswer>("/api/operations");
  const isAsked = usePlace().query.get("replay") === "1";
  const [wish, setWish] = useState<Wish>();
  return (
    <>
      <Head
        title="Operations"
        lead="Bulk actions: planned, tried on a few, then done. Any operator can watch, cancel or take up each."
      >
        <button type="button" class="button" onClick={() => setQuery({ replay: "1" })}>
          Replay past sessions …
        </button>
      </Head>
      {isAsked && (
        <AskReplay
          onClose={() => setQuery({ replay: undefined })}
          onAsked={(asked) => {
            setQuery({ replay: undefined });
            setWish(asked);
          }}
        />
      )}
      {wish && <PlanDialog wish={wish} onClose={() => setWish(undefined)} />}
      <Answer of={first}>
        {({ operations }) => {
          const all = [...operations, ...more.flatMap((page) => page.operations)];
          if (all.length === 0) {
            return (
              <Empty title="No bulk actions yet">
                They begin at <Link to="/hooks">Hooks</Link>: redrive or discard all that match, with a plan first.
              </Empty>
            );
          }
          return (
            <div class="table-frame panel">
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">State</th>
                    <th scope="col">Done</th>
                    <th scope="col">Begun</th>
                    <th scope="col" class="wide">
                      By
                    </th>
                    <th scope="col" class="grow">
                      Which, why
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {all.map((one) => (
                    <tr
                      key={one.id}
                      data-row
                      tabIndex={0}
                      onKeyDown={(event) =>
                        event.key === "Enter" && event.target === event.currentTarget && go(`/operations/${one.name}`)
                      }
                    >
                      <td>
                        <Link to={`/operations/${one.name}`}>{one.name}</Link>
                      </td>
                      <td>
                        <Badge state={one.status} />
                      </td>
                      <td class="nowrap">
                        {one.done.toLocaleString("en")} of {one.count.toLocaleString("en")}
                      </td>
                      <td>
                        <When at={one.createdAt} />
                      </td>
                      <td class="wide">{one.who}</td>
                      <td class="grow">
                        <span class="clip">
                          <span class="mono">{one.filter || "all"}</span>{" "}
                          <span class="faint">{one.reason ?? one.why}</span>
                        </span>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Answer>
      {onMore && (
        <button type="button" class="button more" onClick={onMore}>
          More
        </button>
      )}
    </>
  );
}

function AskReplay({ onClose, onAsked }: { readonly onClose: () => void; readonly onAsked: (wish: Wish) => void }) {
  const { providers } = useAbout();
  const [provider, setProvider] = useState(providers[0] ?? "");
  const [filter, setFilter] = useState("");
  const [isAgain, setAgain] = useState(false);
  return (
    <Dialog title="Replay past sessions" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onAsked({ verb: "replay", provider, filter: filter.trim(), ...(isAgain ? { again: true } : {}) });
        }}
      >
        <p>Makes hooks for a provider that did not have the sessions then. You see the plan before anything is done.</p>
        <div class="fields">
          <label class="field">
            Provider
            <select value={provider} onChange={(event) => setProvider(event.currentTarget.value)}>
              {providers.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
          <label class="field">
            Which sessions
            <input
              type="text"
              placeholder="since:2026-11-01 platform:http"
              value={filter}
              onInput={(event) => setFilter(event.currentTarget.value)}
            />
          </label>
          <label class="field full check">
            <input type="checkbox" checked={isAgain} onChange={(event) => setAgain(event.currentTarget.checked)} />
            Also those that it has acknowledged
          </label>
        </div>
        <div class="actions">
          <button type="button" class="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" class="button main">
            Make the plan
          </button>
        </div>
      </form>
    </Dialog>
  );
}
