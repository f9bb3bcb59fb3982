import { useAbout } from "../state/About.ts";
import { setFollowing, useLive } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { Clock, duration, When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { Answer, Badge, Head, many, ShortId } from "../ui/parts.tsx";
import { Measured } from "./Measured.tsx";

/** How things stand, as the console counts them. */
export interface OverviewAnswer {
  readonly now: string;
  readonly openSessions: number;
  readonly pendingHooks: number;
  readonly deadHooks: number;
  readonly failedReplies: number;
  /** Messages that could not be answered. */
  readonly inbound: number;
  readonly dlq: number;
  readonly breakers: readonly {
    readonly provider: string;
    readonly status: string;
    readonly failures: number;
    readonly openedAt: string | null;
  }[];
  /** How long the oldest work is overdue, milliseconds. */
  readonly overdueBy: number;
}

/** From here on the sweep is late, not only about to come. Milliseconds. */
const LATE = 3 * 60_000;

/** What waits for an operator, and how it went lately. */
export function Overview() {
  const overview = useCall<OverviewAnswer>("/api/overview", { every: 10_000 });
  return (
    <>
      {/* While nothing is known, and when it can't be, the page has its heading all the same. */}
      {overview.data === undefined && <Head title="Overview" />}
      <Answer of={overview}>
        {(data) => (
          <>
            <Verdict of={data} />
            <Numbers of={data} />
            <Measured />
            <div class="columns">
              <Providers of={data} />
              <Now />
            </div>
          </>
        )}
      </Answer>
    </>
  );
}

function Verdict({ of }: { readonly of: OverviewAnswer }) {
  const { deadHooks, failedReplies, inbound, overdueBy, breakers } = of;
  const { chats, isLocal } = useAbout();
  const down = breakers.filter(({ status }) => status === "open");
  const waits = [
    ...(deadHooks > 0 ? [<Link to="/hooks?view=groups">{many(deadHooks, "dead hook")}</Link>] : []),
    ...(failedReplies > 0
      ? [<Link to="/undelivered">{many(failedReplies, "failed reply", "failed replies")}</Link>]
      : []),
    ...(inbound > 0 ? [<Link to="/undelivered">{many(inbound, "unanswered message")}</Link>] : []),
    ...(down.length > 0
      ? [<Link to="/hooks?view=list&status=pending">{down.map(({ provider }) => provider).join(", ")} down</Link>]
      : []),
    ...(overdueBy > LATE ? [<Link to="/health">work overdue by {duration(overdueBy)}</Link>] : []),
  ];
  if (waits.length === 0) {
    return (
      <Head title="Nothing waits for you" lead="Every session that ended has been delivered, or is on its way.">
        {isLocal && chats.length > 0 && (
          <Link class="button main" to="/try">
            Try it
          </Link>
        )}
      </Head>
    );
  }
  return (
    <Head
      title={
        <span class="bad-text">
          {waits.map((one, index) => (
            <span key={index}>
              {index > 0 && (index === waits.length - 1 ? " and " : ", ")}
              {one}
            </span>
          ))}
        </span>
      }
      lead={
        deadHooks > 0
          ? "No provider has these sessions yet. Nothing is lost: look at the causes, mend them, and redrive."
          : "Nothing is lost. Look at the cause first."
      }
    >
      {deadHooks > 0 && (
        <Link class="button main" to="/hooks?view=groups">
          See the causes
        </Link>
      )}
    </Head>
  );
}

function Numbers({ of }: { readonly of: OverviewAnswer }) {
  const numbers = [
    { name: "Live sessions", value: of.openSessions, to: "/sessions?filter=status:open", tone: "" },
    { name: "Hooks on their way", value: of.pendingHooks, to: "/hooks?view=list&status=pending", tone: "" },
    { name: "Dead hooks", value: of.deadHooks, to: "/hooks?view=groups", tone: of.deadHooks > 0 ? "bad" : "" },
    { name: "Failed replies", value: of.failedReplies, to: "/undelivered", tone: of.failedReplies > 0 ? "bad" : "" },
    { name: "Unanswered messages", value: of.inbound, to: "/undelivered", tone: of.inbound > 0 ? "bad" : "" },
  ];
  return (
    <ul class="numbers panel" aria-label="How many">
      {numbers.map(({ name, value, to, tone }) => (
        <li key={name}>
          <Link to={to}>
            <b class={tone}>{value >= 10_000 ? "10,000+" : value.toLocaleString("en")}</b>
            <span>{name}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Providers({ of: { breakers } }: { readonly of: OverviewAnswer }) {
  const { providers, lab } = useAbout();
  return (
    <section class="panel" aria-labelledby="providers">
      <h2 id="providers">Memory providers</h2>
      <ul class="plain-list">
        {providers.map((provider) => {
          const breaker = breakers.find((one) => one.provider === provider);
          const isDown = breaker?.status === "open";
          return (
            <li key={provider}>
              <Link to={`/hooks?view=list&status=all&provider=${provider}`}>{provider}</Link>
              <span class="end">
                {lab?.broken[provider] && <Badge state={`broken: ${lab.broken[provider]}`} tone="wait" />}
                {isDown ? (
                  <>
                    <Badge state="down" tone="bad" />
                    <span class="faint">
                      since <When at={breaker.openedAt} />
                    </span>
                  </>
                ) : (
                  <Badge state="takes deliveries" tone="good" />
                )}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** What happens, as it happens. */
function Now() {
  const { events, isOpen, isFollowing } = useLive();
  const { isLocal } = useAbout();
  return (
    <section class="panel now" aria-labelledby="now">
      <h2 id="now">Now</h2>
      {!isLocal && (
        <p class="faint">
          {isFollowing ? "This page reads the table's stream. " : "Counts and lists are read anew each 15 seconds. "}
          The stream is meant for the gateway and one reader more: one page, or one npx vesper tail, at a time.{" "}
          <button type="button" class="button" aria-pressed={isFollowing} onClick={() => setFollowing(!isFollowing)}>
            {isFollowing ? "Stop following" : "Follow what happens"}
          </button>
        </p>
      )}
      {!isLocal && !isFollowing ? null : events.length === 0 ? (
        <p class="faint">
          {isOpen
            ? "Nothing has happened since you opened this page."
            : "Not live at the moment; the page tries again."}
        </p>
      ) : (
        <ol class="feed">
          {events.slice(0, 14).map(({ key, at, what, session, text }) => (
            <li key={key} class="fades">
              <Clock at={at} />
              <span class={`what ${what}`}>{what}</span>
              <span class="text">{text}</span>
              {session && (
                <Link to={`/sessions/${session}`}>
                  <ShortId id={session} />
                </Link>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
