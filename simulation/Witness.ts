import { deliveryKey } from "../lib/hooks/deliveryKey.ts";
import { webhookId } from "../lib/runtime/webhookId.ts";
import type { Item } from "./aws/Item.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import type { Gateway } from "./Gateway.ts";
import type { Message } from "./Message.ts";
import type { Timeline } from "./Timeline.ts";

/** A turn that was stored. */
export interface StoredTurn {
  readonly session: string;
  readonly conversation: string;
  readonly item: Item;
}

/** What a promise of the gateway was broken by. */
export interface Violation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The promise. */
  readonly rule: string;
  readonly by: string;
}

/** What a story's clocks promise, milliseconds; infinity where they promise nothing. */
export interface Promised {
  /** How late a session ends after its deadline. */
  readonly lateness: number;
  /** How long after its sealing a session is with its providers. */
  readonly delivery: number;
}

/** Two clocks may differ by so much, milliseconds; the code allows for it. */
const SKEW = 2_000;

/** Watches every write of the table for a promise that it breaks, and remembers what can't be seen at the end. */
export class Witness {
  readonly violations: Violation[] = [];
  /** The stored turns of each delivery. */
  readonly turns = new Map<string, StoredTurn[]>();
  /** The session rows as they last were, by id: retention may delete them. */
  readonly sessions = new Map<string, Item>();
  /** The hook rows as they last were, by session and provider. */
  readonly hooks = new Map<string, Item>();
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly messages: ReadonlyMap<string, Message>;
  private readonly promised: Promised;

  constructor(gateway: Gateway, timeline: Timeline, messages: ReadonlyMap<string, Message>, promised: Promised) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.messages = messages;
    this.promised = promised;
    gateway.table.onChange((change) => this.see(change));
    gateway.onBesides = (session) => this.blame("a session has one turn at a time", session);
  }

  /** Notes that a promise does not hold. */
  blame(rule: string, by: string): void {
    this.violations.push({ at: this.timeline.now, rule, by });
  }

  private see(change: TableChange): void {
    const { sk } = change;
    if (sk === "LIVE") this.seeConversation(change);
    else if (sk.startsWith("SESSION#")) this.seeSession(change);
    else if (sk.startsWith("TURN#")) this.seeTurn(change);
    else if (sk.startsWith("HOOK#")) this.seeHook(change);
  }

  private seeTurn({ pk, before, after }: TableChange): void {
    if (!after) return;
    const session = pk.slice("SESSION#".length);
    const conversation = String(after.conversation);
    const delivery = String(after.delivery);
    const stored = this.turns.get(delivery) ?? [];
    if (before) {
      const others = stored.filter((turn) => turn.session !== session);
      this.turns.set(delivery, [...others, { session, conversation, item: after }]);
      return;
    }
    this.turns.set(delivery, [...stored, { session, conversation, item: after }]);
    if (stored.length > 0) this.blame("a message has one turn", delivery);
    const live = this.gateway.table.peek(`CONV#${conversation}`, "LIVE");
    if (live?.session !== session) this.blame("no turn comes into a session that is not live", delivery);
  }

  private seeSession({ before, after }: TableChange): void {
    if (!after) {
      // Taken back before anybody could see it.
      if (before?.status === "open") this.sessions.delete(String(before.session));
      return;
    }
    const id = String(after.session);
    this.sessions.set(id, after);
    const open = after.status === "open";
    if (open && !isIn(after, "DUE")) this.blame("everything unfinished is due", `session ${id}`);
    if (open && before?.status === "ended") this.blame("a sealed session stays sealed", id);
    if (open || before?.status === "ended") return;
    const live = this.gateway.table.peek(`CONV#${after.conversation}`, "LIVE");
    if (live?.session === id) this.blame("a live session is not sealed", id);
    const stored = [...this.turns.values()].flat().filter((turn) => turn.session === id && turn.item.kind === "turn");
    if (after.turns !== stored.length) this.blame("a sealed session knows its turns", `${id}: ${after.turns}`);
  }

  private seeHook({ before, after }: TableChange): void {
    if (!after) return;
    const name = `${after.session} ${after.provider}`;
    this.hooks.set(name, after);
    const { status } = after;
    if (status === "pending" && !isIn(after, "DUE")) this.blame("everything unfinished is due", `hook ${name}`);
    if (status === "dead" && !isIn(after, "DEAD")) this.blame("a dead hook can be found", name);
    if (before?.status === "delivered" && status !== "delivered") this.blame("what is delivered stays so", name);
    if (status !== "delivered" || before?.status === "delivered") return;
    const took = this.timeline.now - Number(after.createdAt);
    if (took > this.promised.delivery) this.blame("a session is delivered soon", `${name}: ${took} ms`);
    if (after.provider !== "crm") return;
    const id = webhookId(deliveryKey(this.gateway.config.tenant, "crm", String(after.session)));
    if (!this.gateway.provider.effects.has(id)) this.blame("only what the provider took is delivered", name);
  }

  private seeConversation({ before, after, pk }: TableChange): void {
    if (!before) return;
    if (after && before.session === after.session) {
      this.seeClaim(before, after);
      return;
    }
    const { now } = this.timeline;
    const session = String(before.session);
    if (!after && this.isWithdrawn(before)) return;
    if (after?.startedBy === before.startedBy) this.blame("a message starts one session", String(before.startedBy));
    const lease = before.lease as { readonly turn: string; readonly until: number };
    const running = lease.until > now + SKEW && !this.gateway.table.peek(`SESSION#${session}`, lease.turn);
    if (running) this.blame("no session ends under a running turn", session);
    if (!this.gateway.table.peek(pk, `SESSION#${session}`)) this.blame("every session has a row", session);
    const reason = after ? (after.previous as { reason?: string } | undefined)?.reason : before.expiresWhy;
    if (reason === "reset") return;
    const expiry = typeof before.expiresAt === "number" ? before.expiresAt * 1000 : Number.POSITIVE_INFINITY;
    const end = after && typeof before.endsAt === "number" ? Math.min(before.endsAt, expiry) : expiry;
    if (now + SKEW < end) this.blame("no session ends early", `${session}: ${end - now} ms, ${reason}`);
    if (now > expiry + this.promised.lateness) this.blame("a session ends in time", `${session}: ${now - expiry} ms`);
    if (reason === "idle") this.checkIdle(session, now);
  }

  /** A message goes on with a session. */
  private seeClaim(before: Item, after: Item): void {
    const { turn } = after.lease as { readonly turn: string };
    const calledAt = this.messages.get(turn.slice(turn.lastIndexOf("#") + 1))?.calledAt;
    const held = before.lease as { readonly turn: string };
    // It goes on with what it claimed before.
    if (calledAt === undefined || turn === held.turn || turn === before.startedBy) return;
    const expiry = typeof before.expiresAt === "number" ? before.expiresAt * 1000 : Number.POSITIVE_INFINITY;
    const end = typeof before.endsAt === "number" ? Math.min(before.endsAt, expiry) : expiry;
    if (calledAt >= end + SKEW) this.blame("no session goes on after its end", `${before.session}: ${turn}`);
  }

  /** Whether it was started for a message that had its turn elsewhere: such a session is taken back. */
  private isWithdrawn({ session, startedBy }: Item): boolean {
    const stored = [...this.turns.values()].flat();
    return stored.some(({ item }) => item.sk === startedBy) && stored.every((turn) => turn.session !== session);
  }

  /** What people know: nobody had written for as long as the policy says. */
  private checkIdle(session: string, now: number): void {
    const idle = Math.min(...this.gateway.policies.map((policy) => policy.idle ?? Number.POSITIVE_INFINITY));
    for (const [delivery, stored] of this.turns) {
      const message = this.messages.get(delivery);
      const counts = stored.some((turn) => turn.session === session) && message?.role === "user";
      const since = counts && message.origin === "chat" ? message.calledAt : undefined;
      if (since !== undefined && now + 2 * SKEW < since + idle) {
        this.blame("no session ends early", `${session}: ${delivery} came ${now - since} ms ago`);
      }
    }
  }
}

function isIn(item: Item, state: string): boolean {
  return String(item.state).startsWith(`${state}#`) && typeof item.at === "number";
}
