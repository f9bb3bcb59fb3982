import type { Item } from "./aws/Item.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Message } from "./Message.ts";
import { type Promised, SKEW } from "./promised.ts";
import type { Timeline } from "./Timeline.ts";

/** Watches the rows of conversations: when sessions begin and end, and what goes on with them. */
export class Boundaries {
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly monitor: InvariantMonitor;
  private readonly messages: ReadonlyMap<string, Message>;
  private readonly promised: Promised;

  constructor(
    gateway: Gateway,
    timeline: Timeline,
    monitor: InvariantMonitor,
    messages: ReadonlyMap<string, Message>,
    promised: Promised,
  ) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.monitor = monitor;
    this.messages = messages;
    this.promised = promised;
  }

  /** A conversation's row has changed. */
  see(change: TableChange): void {
    const { before, after } = change;
    if (before && before.session !== after?.session) this.seeEnd(change, before);
    else if (before && after) this.seeClaim(before, after);
    if (after && before?.session !== after.session) this.noteClaim(after);
  }

  private seeEnd({ pk, after }: TableChange, before: Item): void {
    const { now } = this.timeline;
    const session = String(before.session);
    const isWithdrawn = !after && this.isWithdrawn(before);
    this.monitor.oracle.ended(session, {
      at: now,
      next: after && this.messageOf(String(after.startedBy)),
      isWithdrawn,
    });
    if (isWithdrawn) return;
    if (after?.startedBy === before.startedBy)
      this.monitor.violate("a message starts one session", String(before.startedBy));
    const lease = before.lease as { readonly turn: string; readonly until: number };
    const running = lease.until > now + SKEW && !this.gateway.table.peek(`SESSION#${session}`, lease.turn);
    if (running) this.monitor.violate("no session ends under a running turn", session);
    if (!this.gateway.table.peek(pk, `SESSION#${session}`)) this.monitor.violate("every session has a row", session);
    const late = now - this.monitor.oracle.latest(session);
    if (late > this.promised.lateness) this.monitor.violate("a session ends in time", `${session}: ${late} ms`);
    const reason = after ? (after.previous as { reason?: string } | undefined)?.reason : before.expiresWhy;
    if (after) this.monitor.checkReason(session, String(reason), now);
    if (reason === "reset" && !this.isBegun(session)) this.monitor.violate("no reset ends an empty session", session);
    if (reason === "reset") return;
    const expiry = typeof before.expiresAt === "number" ? before.expiresAt * 1000 : Number.POSITIVE_INFINITY;
    const end = after && typeof before.endsAt === "number" ? Math.min(before.endsAt, expiry) : expiry;
    if (now + SKEW < end) this.monitor.violate("no session ends early", `${session}: ${end - now} ms, ${reason}`);
    if (now > expiry + this.promised.lateness)
      this.monitor.violate("a session ends in time", `${session}: ${now - expiry} ms`);
  }

  /** Whether anything was said in a session, or its memory switched. */
  private isBegun(session: string): boolean {
    const stored = [...this.monitor.turns.values()].flat().filter((turn) => turn.session === session);
    return stored.some(({ item }) => item.kind === "turn" || String(item.command).startsWith("memory"));
  }

  /** A message goes on with a session, or gives its turn back. */
  private seeClaim(before: Item, after: Item): void {
    const { turn, until } = after.lease as { readonly turn: string; readonly until: number };
    const held = before.lease as { readonly turn: string; readonly until: number };
    if (until > 0 && (turn !== held.turn || until !== held.until)) this.noteClaim(after);
    const calledAt = this.messageOf(turn)?.calledAt;
    // It goes on with what it claimed before.
    if (calledAt === undefined || turn === held.turn || turn === before.startedBy) return;
    const expiry = typeof before.expiresAt === "number" ? before.expiresAt * 1000 : Number.POSITIVE_INFINITY;
    const end = typeof before.endsAt === "number" ? Math.min(before.endsAt, expiry) : expiry;
    if (calledAt >= end + SKEW) this.monitor.violate("no session goes on after its end", `${before.session}: ${turn}`);
  }

  /** A message has the turn lease of a session. */
  private noteClaim({ session, lease }: Item): void {
    const { turn } = lease as { readonly turn: string };
    const message = this.messageOf(turn);
    const latest = this.monitor.oracle.latest(String(session));
    if (message?.calledAt !== undefined && message.calledAt > latest) {
      this.monitor.violate("no session goes on after its end", `${session}: ${turn}, ${message.calledAt - latest} ms`);
    }
    this.monitor.oracle.claimed(String(session), message, this.timeline.now);
    const messageId = turn.slice(turn.lastIndexOf("#") + 1);
    this.monitor.attempts.set(messageId, [...(this.monitor.attempts.get(messageId) ?? []), this.timeline.now]);
  }

  /** The message that a turn's key is about. */
  private messageOf(turn: string): Message | undefined {
    return this.messages.get(turn.slice(turn.lastIndexOf("#") + 1));
  }

  /** Whether it was started for a message that had its turn elsewhere: such a session is taken back. */
  private isWithdrawn({ session, startedBy }: Item): boolean {
    const stored = [...this.monitor.turns.values()].flat();
    return stored.some(({ item }) => item.sk === startedBy) && stored.every((turn) => turn.session !== session);
  }
}
