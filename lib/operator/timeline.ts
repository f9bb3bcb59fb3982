import type { Hook } from "../domain/Hook.ts";
import type { Turn } from "../domain/Turn.ts";
import type { ShownSession } from "./findSession.ts";
import { errorGroup } from "./listGroups.ts";
import { hookStatus, isoTime } from "./views.ts";
import { whyUndelivered } from "./whyUndelivered.ts";

/** Who said something. It is data: no name of a user can pass for another. */
export type Speaker = "user" | "agent" | "schedule" | "gateway";

/** One thing that happened to a session, or will. A contract: keys are added, never changed. */
export interface TimelineEvent {
  /** ISO 8601. */
  readonly at: string | null;
  readonly what:
    | "started"
    | "said"
    | "command"
    | "undelivered"
    | "ends"
    | "ended"
    | "sealed"
    | "failed"
    | "redriven"
    | "accepted"
    | "delivered"
    | "skipped"
    | "discarded"
    | "dead"
    | "next-attempt";
  /** Of what was said. */
  readonly speaker?: Speaker;
  /** A user's name, or id. */
  readonly name?: string;
  /** The words, the reason, or the error. */
  readonly text?: string;
  /** Of what became of a hook. */
  readonly provider?: string;
  /** Of a failed attempt: how long it took (milliseconds), its kind, HTTP status, error group and the answer's head. */
  readonly took?: number;
  readonly kind?: string;
  readonly status?: number;
  readonly group?: string;
  readonly body?: string;
  /** Of an end: how long after its time it was sealed, milliseconds. */
  readonly late?: number;
}

type Timed = Omit<TimelineEvent, "at"> & { readonly at: number };

/** Everything that is known of a session from its first message to its last hook, in the order of time. */
export function timeline({ session, live, turns, hooks }: ShownSession): readonly TimelineEvent[] {
  const sealedAt = hooks.length > 0 ? Math.min(...hooks.map(({ createdAt }) => createdAt)) : undefined;
  const events: Timed[] = [{ at: session.startedAt, what: "started" }, ...turns.flatMap(turnEvents)];
  if (session.endedAt !== undefined) {
    events.push({ at: session.endedAt, what: "ended", text: session.reason ?? "" });
    if (sealedAt !== undefined)
      events.push({ at: sealedAt, what: "sealed", late: Math.max(0, sealedAt - session.endedAt) });
  }
  if (live?.expiresAt !== undefined)
    events.push({ at: live.expiresAt * 1000, what: "ends", text: live.expiresWhy ?? "idle" });
  events.push(...hooks.flatMap(hookEvents));
  return events.sort((a, b) => a.at - b.at).map((event) => ({ ...event, at: isoTime(event.at) }));
}

function turnEvents(turn: Turn): readonly Timed[] {
  const { at, command, text, origin, user, notice, reply, repliedAt = at, status, undelivered } = turn;
  const name = user?.name ?? user?.id;
  const from =
    origin === "scheduled"
      ? ({ speaker: "schedule" } as const)
      : { speaker: "user" as const, ...(name ? { name } : {}) };
  const events: Timed[] = [];
  if (command !== undefined) events.push({ at, what: "command", ...from, text: `/${command}` });
  else if (text !== undefined) events.push({ at, what: "said", ...from, text });
  if (notice !== undefined) events.push({ at: repliedAt, what: "said", speaker: "gateway", text: notice });
  // An apology is the gateway's, as is the answer to a command.
  const isAgents = status === "done" && command === undefined;
  if (reply !== undefined)
    events.push({ at: repliedAt, what: "said", speaker: isAgents ? "agent" : "gateway", text: reply });
  if (undelivered)
    events.push({ at: undelivered.at, what: "undelivered", text: whyUndelivered(undelivered, undelivered.at) });
  return events;
}

function hookEvents(hook: Hook): readonly Timed[] {
  const { provider, failures, redrivenAt = [], receipt, deliveredAt, deadAt, discarded, skipped, createdAt } = hook;
  const events: Timed[] = failures.map(({ at, took, kind, status, message, body }) => ({
    ...{
      at,
      what: "failed",
      provider,
      took,
      kind,
      text: message,
      group: errorGroup({ kind, message, ...(status === undefined ? {} : { status }) }),
    },
    ...(status === undefined ? {} : { status }),
    ...(body === undefined ? {} : { body }),
  }));
  for (const at of redrivenAt) events.push({ at, what: "redriven", provider });
  const status = hookStatus(hook);
  const words = [receipt?.id, receipt?.body].filter(Boolean).join(" ");
  if (hook.acceptedAt !== undefined) {
    // Once it is delivered the words are those of what was stored.
    events.push({ at: hook.acceptedAt, what: "accepted", provider, text: deliveredAt === undefined ? words : "" });
  }
  if (deliveredAt !== undefined) {
    events.push({
      ...{ at: deliveredAt, what: "delivered", provider, text: words },
      ...(receipt?.status === undefined ? {} : { status: receipt.status }),
    });
  }
  if (deadAt !== undefined) events.push({ at: deadAt, what: "dead", provider });
  if (status === "skipped") events.push({ at: createdAt, what: "skipped", provider, text: skipped ?? "" });
  if (status === "discarded" && discarded) {
    events.push({ at: discarded.at, what: "discarded", provider, name: discarded.by, text: discarded.why });
  }
  if (hook.status === "pending") events.push({ at: hook.nextAttemptAt, what: "next-attempt", provider });
  return events;
}
