import type { SessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { Clock, duration, When } from "../state/time.tsx";
import { useCall } from "../state/useCall.ts";
import { useActs } from "../ui/Acts.tsx";
import { Answer, Badge, Head, many } from "../ui/parts.tsx";
import { attempt, toast } from "../ui/Toasts.tsx";
import { Transcript } from "../ui/Transcript.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { ConversationName } from "./Sessions.tsx";

/** A session from its first message to its last hook. */
export function Session({ id }: { readonly id: string }) {
  const session = useCall<SessionDetails>(`/api/session?id=${encodeURIComponent(id)}`, { every: 5_000 });
  return (
    <>
      <p class="crumbs">
        <Link to="/sessions">Sessions</Link> / <span class="mono">{id.slice(-6).toUpperCase()}</span>
      </p>
      <Answer of={session}>{(data) => <Found session={data} />}</Answer>
    </>
  );
}

function Found({ session }: { readonly session: SessionDetails }) {
  const { deliveries, transcript } = session;
  const acts = useActs();
  const end = () =>
    attempt(async () => {
      const { outcome } = await call<{ readonly outcome: string }>("/api/sessions/end", { session: session.session });
      toast(outcome === "ended" ? "Ended; its hooks follow in a moment" : `It is ${outcome} already`);
      touch();
    });
  const dead = deliveries.filter(({ status }) => status === "dead");
  const late = session.timeline.find(({ what }) => what === "sealed")?.late;
  return (
    <>
      <Head
        title={<ConversationName of={session.conversation} />}
        lead={
          <>
            <span class="mono">{session.session}</span>
            <br />
            {session.status === "open" ? (
              <>
                <Badge state="live" tone="accent" /> since <When at={session.startedAt} />
                {session.expiresAt && (
                  <>
                    , ends <When at={session.expiresAt} /> ({session.expiresWhy})
                  </>
                )}
              </>
            ) : (
              <>
                <Badge state={session.reason ?? "ended"} tone="mute" /> ended <When at={session.endedAt} /> after{" "}
                {many(session.turns, "turn")}
                {late !== undefined && <>, sealed {late === 0 ? "at once" : `${duration(late)} later`}</>}
              </>
            )}
          </>
        }
      >
        {session.status === "open" && (
          <button type="button" class="button" onClick={end}>
            End it now
          </button>
        )}
        {dead.length > 0 && (
          <button type="button" class="button main" data-key="r" onClick={() => acts.act("redrive", dead)}>
            Redrive {many(dead.length, "hook")}
          </button>
        )}
      </Head>
      {acts.dialog}
      <div class="columns session">
        <section aria-labelledby="transcript">
          <h2 id="transcript">Transcript</h2>
          <Transcript turns={transcript} />
        </section>
        <div class="stack">
          <Deliveries of={deliveries} status={session.status} act={acts.act} />
          <Timeline of={session.timeline} />
        </div>
      </div>
    </>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  started: "session began",
  said: "said",
  command: "command",
  undelivered: "reply did not arrive",
  ends: "ends",
  ended: "ended",
  sealed: "sealed",
  failed: "attempt failed",
  redriven: "redriven",
  accepted: "accepted, and works on it",
  delivered: "delivered",
  skipped: "skipped",
  discarded: "discarded",
  dead: "dead: no attempt is left",
  "next-attempt": "next attempt",
};

function Timeline({ of }: { readonly of: SessionDetails["timeline"] }) {
  return (
    <section class="panel" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <ol class="timeline">
        {of.map(({ at, what, speaker, name, text, provider, took, kind, status, late }, index) => (
          <li key={index} class={what}>
            <Clock at={at} />
            <div>
              <b>
                {provider && `${provider} `}
                {speaker && what === "said" ? `${speaker} said` : (WORDS[what] ?? what)}
              </b>
              {name && what === "discarded" && <span class="faint"> by {name}</span>}
              {what === "ended" || what === "ends" ? <span> {text}</span> : null}
              {late !== undefined && (
                <span class="faint"> {late === 0 ? "at once" : `${duration(late)} after its time`}</span>
              )}
              {what === "failed" && (
                <span class="faint">
                  {" "}
                  {[kind, status, took === undefined ? undefined : `after ${duration(took)}`]
                    .filter(Boolean)
                    .join(", ")}
                </span>
              )}
              {text && what !== "ended" && what !== "ends" && <p class="clip">{text}</p>}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}
