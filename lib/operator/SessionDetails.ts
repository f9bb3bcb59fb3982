import type { KeptResult } from "../domain/KeptResult.ts";
import { remembered } from "../domain/memorySwitch.ts";
import type { Session } from "../domain/Session.ts";
import type { Turn } from "../domain/Turn.ts";
import type { ShownSession } from "./findSession.ts";
import { type TimelineEvent, timeline } from "./timeline.ts";
import { type HookDetails, hookDetails, isoTime, type SessionView, sessionView } from "./views.ts";
import { whyUndelivered } from "./whyUndelivered.ts";

/** A stored turn or command as programs read it. Times in ISO 8601; null: there is none. */
interface TurnView {
  readonly at: string | null;
  readonly kind: Turn["kind"];
  readonly origin: Turn["origin"];
  readonly status: Turn["status"];
  readonly messageId: string;
  readonly user: NonNullable<Turn["user"]> | null;
  readonly command: string | null;
  readonly text: string | null;
  readonly notice: string | null;
  readonly reply: string | null;
  readonly repliedAt: string | null;
  /** What tools answered, where the agent keeps it. */
  readonly toolResults: readonly KeptResult[];
  /** Why the reply, or a part of it, could not be sent. */
  readonly undeliverable: string | null;
  /** Whether memory providers get it, as things stand; false for a command. */
  readonly remembered: boolean;
}

/** Everything that is stored of a session, as programs read it. `hooks` are by provider name, as in `SessionView`. */
export interface SessionDetails extends SessionView {
  readonly chat: Session["chat"];
  readonly origin: Session["origin"];
  /** The ids of the users whose memory switch is off, while it is live. */
  readonly memoryOff: readonly string[];
  /** When a live session ends by itself, and why; null when it has no deadline or is not live. */
  readonly expiresAt: string | null;
  readonly expiresWhy: string | null;
  readonly transcript: readonly TurnView[];
  readonly deliveries: readonly HookDetails[];
  /** All of it in the order of time. */
  readonly timeline: readonly TimelineEvent[];
}

export function sessionDetails(shown: ShownSession): SessionDetails {
  const { session, live, turns, hooks } = shown;
  const stored = session.turns ?? turns.filter(({ kind }) => kind === "turn").length;
  const kept = new Set(remembered(turns));
  return {
    ...sessionView({ session, turns: stored, hooks }),
    chat: session.chat,
    origin: session.origin,
    memoryOff: live?.memoryOff ?? [],
    expiresAt: isoTime(live?.expiresAt === undefined ? undefined : live.expiresAt * 1000),
    expiresWhy: live?.expiresWhy ?? null,
    transcript: turns.map((turn) => turnView(turn, kept.has(turn))),
    deliveries: hooks.map(hookDetails),
    timeline: timeline(shown),
  };
}

function turnView(turn: Turn, isRemembered: boolean): TurnView {
  const { kind, origin, status, messageId, user = null, text = null, notice = null, reply = null } = turn;
  return {
    at: isoTime(turn.at),
    ...{ kind, origin, status, messageId, user },
    command: turn.command ?? null,
    ...{ text, notice, reply },
    repliedAt: isoTime(turn.repliedAt),
    toolResults: turn.toolResults ?? [],
    undeliverable: turn.undelivered ? whyUndelivered(turn.undelivered, turn.undelivered.at) : null,
    remembered: isRemembered,
  };
}
