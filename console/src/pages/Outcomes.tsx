import type { SessionDetails } from "../../../lib/operator/SessionDetails.ts";
import { call } from "../state/call.ts";
import { touch } from "../state/live.ts";
import { Link } from "../state/router.tsx";
import { duration, useNow, When } from "../state/time.tsx";
import { useActs } from "../ui/Acts.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Badge, ShortId } from "../ui/parts.tsx";
import { attempt, toast } from "../ui/Toasts.tsx";
import { HookButtons } from "./Deliveries.tsx";
import type { ChatAnswer } from "./TryIt.tsx";

/** So far behind the deadline the clock is moved, milliseconds: a deadline has whole seconds. */
const BEHIND = 2_000;

/** The live session and its deadline, which can be waited for or gone to. */
export function LiveSession({
  session,
  canMove,
}: {
  readonly session: SessionDetails | undefined;
  readonly canMove: boolean;
}) {
  const now = useNow(500);
  if (!session) {
    return (
      <section class="panel deadline">
        <h2>No live session</h2>
        <p class="faint">The next message begins one.</p>
      </section>
    );
  }
  const [starts, ends] = [Date.parse(session.startedAt ?? ""), Date.parse(session.expiresAt ?? "")];
  const left = ends - now;
  const part = Math.min(1, Math.max(0, left / Math.max(1, ends - starts)));
  const move = () =>
    attempt(async () => {
      const by = Math.max(1, Math.ceil(left) + BEHIND);
      await call("/api/lab/clock", { by });
      toast(`The clock is ${duration(by)} further`);
      touch();
    });
  return (
    <section class="panel deadline live" aria-labelledby="live-session">
      <svg viewBox="0 0 44 44" width="60" height="60" aria-hidden="true">
        <circle cx="22" cy="22" r="19" class="ring" />
        <circle
          cx="22"
          cy="22"
          r="19"
          class="ring left"
          pathLength={1}
          stroke-dasharray={`${part} 1`}
          transform="rotate(-90 22 22)"
        />
      </svg>
      <div>
        <h2 id="live-session">
          {session.expiresAt ? (left > 0 ? `Ends in ${countdown(left)}` : "Ends now") : "Has no deadline"}
        </h2>
        <p class="faint">
          Session <ShortId id={session.session} />
          {session.expiresWhy === "idle" && ", unless something is said"}
          {session.expiresWhy === "daily" && ", when the day is over"}
        </p>
        {canMove && session.expiresAt && (
          <button type="button" class="button main" onClick={move}>
            <Icon name="skip" />
            To the deadline
          </button>
        )}
      </div>
    </section>
  );
}

function countdown(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const two = (number: number) => String(number).padStart(2, "0");
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What became of the sessions that ended. */
export function Outcomes({ sessions }: { readonly sessions: readonly SessionDetails[] }) {
  const acts = useActs();
  const ended = sessions.filter(({ status }) => status === "ended").slice(0, 3);
  return (
    <section class="panel" aria-labelledby="delivered">
      <h2 id="delivered">Delivered</h2>
      {acts.dialog}
      {ended.length === 0 && (
        <p class="faint">When the session ends, each memory provider gets its transcript, and must acknowledge it.</p>
      )}
      <ul class="outcomes">
        {ended.map((session) => (
          <li key={session.session}>
            <p>
              <Link to={`/sessions/${session.session}`}>
                Session <ShortId id={session.session} />
              </Link>{" "}
              <span class="faint">
                {session.reason}, <When at={session.endedAt} />
              </span>
            </p>
            <ul>
              {session.deliveries.map((hook) => (
                <li key={hook.provider} class="fades" data-row aria-label={`Hook of ${hook.provider}`}>
                  <span>{hook.provider}</span>
                  <Badge key={hook.status} state={hook.status} />
                  <span class="end">
                    <HookButtons hook={hook} act={acts.act} />
                  </span>
                  {hook.lastError && hook.status !== "delivered" && (
                    <p class="faint">
                      {[hook.lastError.kind, hook.lastError.status].filter(Boolean).join(" ")}, {hook.attempts}{" "}
                      {hook.attempts === 1 ? "attempt" : "attempts"}
                      {hook.nextAttemptAt && (
                        <>
                          , next <When at={hook.nextAttemptAt} />
                        </>
                      )}
                    </p>
                  )}
                </li>
              ))}
              {session.deliveries.length === 0 && <li class="faint">its hooks are being written</li>}
            </ul>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What the gateway's own memory has of this person. */
export function Remembered({ memories }: { readonly memories: ChatAnswer["memories"] }) {
  return (
    <section class="panel" aria-labelledby="remembered">
      <h2 id="remembered">Remembered</h2>
      {memories.length === 0 && <p class="faint">Nothing yet. Say "My name is Ann", and let the session end.</p>}
      <ul class="memories">
        {memories.slice(0, 8).map(({ id, kind, text, at }) => (
          <li key={id} class="fades">
            <span>{text}</span>
            <span class="faint">
              {kind}, <When at={at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
