import type { ErrorGroups } from "../../../lib/operator/listGroups.ts";
import { Link, setQuery } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import type { Wish } from "../ui/PlanDialog.tsx";
import { Answer, Badge, Empty, many, ShortId, Unread } from "../ui/parts.tsx";

/** Hooks by the cause of their last failure: a thousand of them are mostly one or two things to mend. */
export function Groups({
  filter,
  status,
  onWish,
}: {
  readonly filter: string;
  readonly status: string;
  readonly onWish: (wish: Wish) => void;
}) {
  const waits = status === "pending" || status === "accepted";
  const groups = useCall<ErrorGroups>(`/api/hooks/groups?filter=${encodeURIComponent(filter)}`, { every: 15_000 });
  return (
    <Answer of={groups}>
      {({ groups: found, unread }) => (
        <>
          <Unread rows={unread} />
          {found.length === 0 && (
            <Empty title={status === "dead" ? "No dead hooks" : "No failures"}>
              {status === "dead"
                ? "Every session that ended is delivered, or on its way."
                : `No hook that is ${status} has failed.`}
            </Empty>
          )}
          {found.length > 0 && (status === "dead" || waits) && (
            <p class="bar">
              <b>
                {many(
                  found.reduce((sum, { count }) => sum + count, 0),
                  "hook",
                )}
              </b>{" "}
              from {many(found.length, "cause")}
              <span class="end">
                {status === "dead" && (
                  <button
                    type="button"
                    class="button main"
                    data-key="r"
                    onClick={() => onWish({ verb: "redrive", filter })}
                  >
                    Redrive all …
                  </button>
                )}
                {waits && (
                  <button
                    type="button"
                    class="button main"
                    data-key="f"
                    onClick={() => onWish({ verb: "forward", filter })}
                  >
                    {status === "pending" ? "Bring all forward …" : "Ask for all now …"}
                  </button>
                )}
              </span>
            </p>
          )}
          <ol class="groups">
            {found.map((group) => {
              const own = `${filter} group:${group.group}`;
              return (
                <li
                  key={group.group}
                  class="panel"
                  data-row
                  aria-label={`${many(group.count, "hook")}: ${group.message}`}
                >
                  <b class="count">{group.count.toLocaleString("en")}</b>
                  <div class="cause">
                    <p>
                      <Badge
                        state={[group.kind, group.status].filter(Boolean).join(" ")}
                        tone={status === "dead" ? "bad" : "wait"}
                      />
                      <span class="mono faint">{group.group}</span>
                      <span class="faint">
                        {Object.entries(group.providers)
                          .map(([provider, count]) => (count === group.count ? provider : `${provider} ${count}`))
                          .join(", ")}
                      </span>
                    </p>
                    <p class="message">{group.message}</p>
                    <p class="faint">
                      First <When at={group.firstSeen} />, last <When at={group.lastSeen} />, such as session{" "}
                      <Link to={`/sessions/${group.example.session}`}>
                        <ShortId id={group.example.session} />
                      </Link>
                    </p>
                    {group.example.body && <pre>{group.example.body}</pre>}
                  </div>
                  <div class="actions">
                    <button
                      type="button"
                      class="button"
                      onClick={() =>
                        setQuery({
                          view: "list",
                          status,
                          filter: `${filter.replace(/\bstatus:\w+\s*/, "")} group:${group.group}`.trim(),
                        })
                      }
                    >
                      See them
                    </button>
                    {status === "dead" && (
                      <button
                        type="button"
                        class="button"
                        data-key="r"
                        onClick={() => onWish({ verb: "redrive", filter: own })}
                      >
                        Redrive …
                      </button>
                    )}
                    {(status === "dead" || waits) && (
                      <button
                        type="button"
                        class="button"
                        data-key="d"
                        onClick={() => onWish({ verb: "discard", filter: own })}
                      >
                        Discard …
                      </button>
                    )}
                  </div>
                </li>
              );
            })}
          </ol>
        </>
      )}
    </Answer>
  );
}
