import type { SessionPolicy } from "../../lib/domain/SessionPolicy.ts";
import { berlinDaily } from "./berlinDaily.ts";
import { LONGEST_WRITE } from "./Invocation.ts";
import type { Message } from "./Message.ts";

/** A message that a session went on with, or began with. */
interface Claim {
  readonly message: Message | undefined;
  /** When it was written that it goes on, milliseconds since the epoch. */
  readonly at: number;
}

interface Life {
  readonly claims: Claim[];
  /** When the conversation stopped naming it. */
  end?: { readonly at: number; readonly next: Message | undefined; readonly isWithdrawn: boolean };
}

/** What a function's clock may be off, and another's to the other side, and what is rounded up to the second, milliseconds. */
const SLACK = 4_000;

/** A session lives at least so long after a message was taken up. */
const LEASE = 62_000;

const NEVER = Number.POSITIVE_INFINITY;

/**
 * When sessions may end, and when they must, as the scenario says: by the policies that have held so far, what was written
 * when, and who wanted an end. Nothing of it is taken from what the code says of a deadline.
 */
export class SessionOracle {
  private readonly oracle = new Map<string, Life>();
  private readonly wished = new Set<string>();
  private readonly policies: () => readonly SessionPolicy[];

  constructor(policies: () => readonly SessionPolicy[]) {
    this.policies = policies;
  }

  /** A message began the session, or was taken up in it. */
  claimed(session: string, message: Message | undefined, at: number): void {
    this.lifeOf(session).claims.push({ message, at });
  }

  /** An operator wants it ended. */
  wish(session: string): void {
    this.wished.add(session);
  }

  /** @param next what its successor began with; `isWithdrawn`: it was taken back, as its message had its turn elsewhere */
  ended(session: string, end: NonNullable<Life["end"]>): void {
    this.lifeOf(session).end = end;
  }

  /** Whether a session can have ended for that reason at all, whatever the time. */
  isPossible(session: string, reason: string): boolean {
    const { end } = this.lifeOf(session);
    if (end?.isWithdrawn) return true;
    if (reason === "recovered") return true;
    if (reason === "api") return this.wished.has(session);
    if (reason === "reset") return isReset(end?.next);
    const policies = this.policies();
    if (reason === "idle") return policies.some(({ idle }) => idle !== undefined);
    if (reason === "daily") return policies.some(({ daily }) => daily !== undefined);
    return reason === "max-age" && policies.some(({ maxAge }) => maxAge !== undefined);
  }

  /** By how much `at` lies before every limit of that name, milliseconds; 0 when it does not. */
  earlyBy(session: string, reason: string, at: number): number {
    const life = this.lifeOf(session);
    if (life.end?.isWithdrawn) return 0;
    const [first] = life.claims;
    const began = first ? Math.max(first.at - LONGEST_WRITE, first.message?.calledAt ?? 0) : 0;
    const active = Math.max(
      began,
      ...life.claims.flatMap(({ message }) => (isByPerson(message) ? [message.calledAt ?? 0] : [])),
    );
    const limits = this.policies().map((policy) => {
      if (reason === "idle") return active + (policy.idle ?? NEVER);
      if (reason === "max-age") return began + (policy.maxAge ?? NEVER);
      return reason === "daily" && policy.daily ? berlinDaily(policy.daily, active - SLACK) : NEVER;
    });
    const limit = Math.min(...limits);
    return limit === NEVER ? 0 : Math.max(0, limit - SLACK - at);
  }

  /** The last moment at which it may still live, where the sweep is punctual; and after which no message goes on with it. */
  latest(session: string): number {
    const { claims } = this.lifeOf(session);
    const [first] = claims;
    const last = claims.at(-1);
    if (!first || !last) return NEVER;
    const began = first.at;
    const active = Math.max(began, ...claims.flatMap(({ message, at }) => (isByPerson(message) ? [at] : [])));
    const limits = this.policies().map(({ idle, daily, maxAge }) =>
      Math.min(
        active + (idle ?? NEVER),
        // By a clock that is ahead the boundary may have been over when the session went on.
        daily ? berlinDaily(daily, active + SLACK) : NEVER,
        began + (maxAge ?? NEVER),
      ),
    );
    return Math.max(...limits, last.at + LEASE) + SLACK;
  }

  private lifeOf(session: string): Life {
    const life = this.oracle.get(session) ?? { claims: [] };
    this.oracle.set(session, life);
    return life;
  }
}

function isReset(message: Message | undefined): boolean {
  return isByPerson(message) && /^\/(reset|new)\b/.test(message.text);
}

function isByPerson(message: Message | undefined): message is Message {
  return message?.role === "user" && message.origin === "chat";
}
