import type { SessionView } from "../../../lib/operator/views.ts";
import { useAbout } from "../state/About.ts";
import { go, Link, usePlace } from "../state/router.tsx";
import { When } from "../state/time.tsx";
import { FilterBar } from "../ui/FilterBar.tsx";
import { Answer, Badge, Empty, Head, ShortId, Unread } from "../ui/parts.tsx";
import { usePages } from "../ui/usePages.ts";

/** A page of sessions. */
export interface SessionsAnswer {
  readonly sessions: readonly SessionView[];
  readonly unread: readonly { readonly pk: string; readonly why: string }[];
  readonly next: string | null;
}

const CHOICES = [
  { name: "Live", term: "status:open" },
  { name: "Ended", term: "status:ended" },
  { name: "Idle", term: "reason:idle" },
  { name: "Daily", term: "reason:daily" },
  { name: "Reset", term: "reason:reset" },
];

/** Sessions, the newest first, and which provider has them. */
export function Sessions() {
  const filter = usePlace().query.get("filter") ?? "";
  const { providers, platforms } = useAbout();
  const { first, more, onMore } = usePages<SessionsAnswer>(`/api/sessions?filter=${encodeURIComponent(filter)}`);
  const choices = [
    ...CHOICES,
    ...(platforms.length > 1 ? platforms.map((name) => ({ name, term: `platform:${name}` })) : []),
  ];
  return (
    <>
      <Head
        title="Sessions"
        lead="Cut where a conversation fell idle, a day ended or somebody reset it; then delivered to each provider."
      />
      <FilterBar
        filter={filter}
        choices={choices}
        label="Filter sessions"
        hint="conversation:ann user:42 since:2026-11-01 age:<2h id:…"
      />
      <Answer of={first}>
        {({ sessions, unread }) => {
          const all = [
            ...new Map(
              [...sessions, ...more.flatMap((page) => page.sessions)].map((one) => [one.session, one]),
            ).values(),
          ];
          return (
            <>
              <Unread rows={unread} />
              {all.length === 0 ? (
                filter ? (
                  <Empty title="No session matches">Take a term out of the filter, or look at all of them.</Empty>
                ) : (
                  <Empty title="No sessions yet">
                    The first message begins one. <Link to="/try">Write it here</Link>.
                  </Empty>
                )
              ) : (
                <SessionTable sessions={all} providers={providers} />
              )}
              {onMore && (
                <button type="button" class="button more" onClick={onMore}>
                  More
                </button>
              )}
            </>
          );
        }}
      </Answer>
    </>
  );
}

/** Sessions and providers: who has what. */
export function SessionTable({
  sessions,
  providers,
}: {
  readonly sessions: readonly SessionView[];
  readonly providers: readonly string[];
}) {
  const named = [...new Set([...providers, ...sessions.flatMap(({ hooks }) => Object.keys(hooks))])];
  return (
    <div class="table-frame panel">
      <table>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">Conversation</th>
            <th scope="col">State</th>
            <th scope="col" class="wide">
              Began
            </th>
            <th scope="col">Ended</th>
            <th scope="col" class="number wide">
              Turns
            </th>
            {named.map((provider) => (
              <th scope="col" key={provider}>
                {provider}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sessions.map((one) => (
            <tr
              key={one.session}
              data-row
              tabIndex={0}
              onKeyDown={(event) =>
                event.key === "Enter" && event.target === event.currentTarget && go(`/sessions/${one.session}`)
              }
            >
              <td>
                <Link to={`/sessions/${one.session}`}>
                  <ShortId id={one.session} />
                </Link>
              </td>
              <td>
                <ConversationName of={one.conversation} />
              </td>
              <td>
                {one.status === "open" ? (
                  <Badge state="live" tone="accent" />
                ) : (
                  <Badge state={one.reason ?? "ended"} tone="mute" />
                )}
              </td>
              <td class="wide">
                <When at={one.startedAt} />
              </td>
              <td>
                <When at={one.endedAt} />
              </td>
              <td class="number wide">{one.turns}</td>
              {named.map((provider) => (
                <td key={provider}>
                  {one.hooks[provider] ? <Badge state={one.hooks[provider]} /> : <span class="faint">–</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A conversation's key without what is usual: the chat, and where it is. */
export function ConversationName({ of }: { readonly of: string }) {
  const [, platform = "", chat = "", thread = "", lane = ""] = of.split("/");
  return (
    <span title={of}>
      {[chat, thread, lane].filter(Boolean).join(" / ")} <span class="faint">{platform}</span>
    </span>
  );
}
