import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { webhookId } from "../../lib/adapter/signing/postSigned.ts";
import { deliveryKey } from "../../lib/domain/ids.ts";
import { Acceptances } from "./Acceptances.ts";
import type { Item } from "./aws/Item.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import { Breakers } from "./Breakers.ts";
import { Discards } from "./Discards.ts";
import type { Gateway } from "./Gateway.ts";
import type { Message } from "./Message.ts";
import { memoryScope } from "./memoryScope.ts";
import { plainRow } from "./plainRow.ts";
import { Replays } from "./Replays.ts";
import { Replies } from "./Replies.ts";
import { SessionOracle } from "./SessionOracle.ts";
import { saidIn } from "./saidIn.ts";
import type { Timeline } from "./Timeline.ts";
import { isOffNow } from "./withheld.ts";

/** A turn that was stored. */
export interface StoredTurn {
  readonly session: string;
  readonly conversation: string;
  readonly item: Item;
  /** When it was stored, milliseconds since the epoch. */
  readonly at: number;
}

/** What a promise of the gateway was broken by. */
export interface Violation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The promise. */
  readonly rule: string;
  readonly by: string;
}

/** What a scenario's clocks promise, milliseconds; infinity where they promise nothing. */
export interface Promised {
  /** How late a session ends after its deadline. */
  readonly lateness: number;
  /** How long after its sealing a session is with its providers. */
  readonly messageId: number;
  /** How long after its sealing a session is with `builtin`, whatever the other provider does. */
  readonly besides: number;
  /** How long after its provider's return a hook is delivered that waited behind its breaker. */
  readonly resumption: number;
  /** Whether every message is worked at once, and none ends on the dead-letter queue. */
  readonly worked: boolean;
}

/** Two clocks may differ by so much, milliseconds; the code allows for it. */
const SKEW = 2_000;

/** A function that makes a turn is over so long after it has taken the lease, milliseconds. */
const LEASE = 60_000;

/** So many attempts may end without a word before a turn is stored as failed. */
const MOST_LOST = 3;

/** For so long after its first attempt a message is tried, and so long is the longest wait that nobody asked for, milliseconds. */
const PATIENCE = 15 * 60_000;

const LONGEST_WAIT = 60_000;

/** Watches every write of the table for a promise that it breaks, and remembers what can't be seen at the end. */
export class InvariantMonitor {
  readonly violations: Violation[] = [];
  /** The stored turns of each delivery. */
  readonly turns = new Map<string, StoredTurn[]>();
  /** The session rows as they last were, by id: retention may delete them. */
  readonly sessions = new Map<string, Item>();
  /** The hook rows as they last were, by session and provider. */
  readonly hooks = new Map<string, Item>();
  /** What became of replies. */
  readonly replies: Replies;
  /** When sessions may end, by the scenario alone. */
  readonly oracle: SessionOracle;
  /** The providers' breakers, and the hooks that wait behind them. */
  readonly breakers: Breakers;
  /** The hooks that operators gave up. */
  readonly discards: Discards;
  /** The hooks that their provider has accepted. */
  readonly acceptances: Acceptances;
  /** What replays brought. */
  readonly replays: Replays;
  /** The deliveries of messages that lay on the dead-letter queue for so long that an operator purged them. */
  readonly givenUp = new Set<string>();
  /** When each turn was begun, by its delivery: milliseconds since the epoch. */
  readonly attempts = new Map<string, readonly number[]>();
  /** The messages of which an attempt was begun before any had the lease. */
  private readonly fenced = new Set<string>();
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly messages: ReadonlyMap<string, Message>;
  private readonly promised: Promised;

  constructor(gateway: Gateway, timeline: Timeline, messages: ReadonlyMap<string, Message>, promised: Promised) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.messages = messages;
    this.promised = promised;
    this.replies = new Replies(gateway, timeline, this);
    this.oracle = new SessionOracle(() => gateway.policies);
    this.breakers = new Breakers(
      this.violate.bind(this),
      (provider) => Object.hasOwn(gateway.config.memory, provider),
      promised.resumption,
    );
    this.discards = new Discards(gateway.table, this.violate.bind(this));
    this.replays = new Replays(gateway, timeline, this, messages);
    this.acceptances = new Acceptances(gateway, this.violate.bind(this));
    gateway.onProviderCall = (body) => {
      this.discards.seeCall(sessionIn(body), "crm");
      this.acceptances.seeCall(sessionIn(body), "crm");
    };
    gateway.table.onChange((change) => {
      this.see({ ...change, before: plainRow(change.before), after: plainRow(change.after) });
    });
    gateway.onBesides = (session) => this.violate("a session has one turn at a time", session);
    gateway.onMemories = (input) => this.seeMemories(input);
    gateway.queues.inboundDead.onVisible(() => {
      if (promised.worked) this.violate("no message dies without a fault", gateway.queues.inboundDead.bodies().join());
    });
  }

  /** Notes that a promise does not hold. */
  violate(rule: string, by: string): void {
    this.violations.push({ at: this.timeline.now, rule, by });
  }

  private see(change: TableChange): void {
    const { sk } = change;
    if (sk === "LIVE") this.seeConversation(change);
    else if (sk.startsWith("SESSION#")) this.seeSession(change);
    else if (sk.startsWith("TURN#")) this.seeTurn(change);
    else if (sk.startsWith("HOOK#")) this.seeHook(change);
    else if (sk === "BREAKER") this.breakers.seeBreaker(change, this.timeline.now);
  }

  private seeTurn({ pk, before, after }: TableChange): void {
    // With a session that is deleted nobody waits for its failed replies any more.
    if (!after) this.replies.unsent.delete(String(before?.messageId));
    if (!after) return;
    // What keeps a late write of a turn out is none; but an attempt was begun that may end before it has the lease.
    if (after.kind === "tombstone") {
      const turn = String(after.sk);
      const messageId = turn.slice(turn.lastIndexOf("#") + 1);
      if (!this.attempts.has(messageId)) this.fenced.add(messageId);
      return;
    }
    const session = pk.slice("SESSION#".length);
    const conversation = String(after.conversation);
    const messageId = String(after.messageId);
    const stored = this.turns.get(messageId) ?? [];
    if (before && before.kind !== "tombstone") {
      const others = stored.filter((turn) => turn.session !== session);
      const at = stored.find((turn) => turn.session === session)?.at ?? this.timeline.now;
      this.turns.set(messageId, [...others, { session, conversation, item: after, at }]);
      this.replies.see(session, before, after);
      return;
    }
    this.turns.set(messageId, [...stored, { session, conversation, item: after, at: this.timeline.now }]);
    this.replies.see(session, undefined, after);
    if (after.status === "failed") this.checkFailed(messageId, conversation, String(after.sk));
    if (stored.length > 0) this.violate("a message has one turn", messageId);
    const live = this.gateway.table.peek(`CONV#${conversation}`, "LIVE");
    // A write that arrives when its function is over may find a session that has ended and is not sealed: sealing counts it.
    const claimedAt = this.attempts.get(messageId)?.at(-1) ?? Number.POSITIVE_INFINITY;
    const isLate = this.happened(/^arrivedLate#/) && this.timeline.now > claimedAt + LEASE;
    const isSealed = this.sessions.get(session)?.status !== "open";
    if (live?.session !== session && (isSealed || !isLate)) {
      this.violate("no turn comes into a session that is not live", messageId);
    }
  }

  private happened(fault: RegExp): boolean {
    return this.gateway.faults.happened.some((name) => fault.test(name));
  }

  /** A turn was stored as failed: no retry could help, no time was left for another, or three attempts were lost. */
  private checkFailed(messageId: string, conversation: string, turn: string): void {
    const attempts = this.attempts.get(messageId) ?? [];
    const failures = this.gateway.agentFailures.get(messageId) ?? [];
    const end = (attempts[0] ?? 0) + PATIENCE - SKEW;
    const isFinal = failures.some(({ isFinal: is }) => is);
    // An attempt that took too long fails now.
    const all = [...failures, { at: this.timeline.now, retryAfter: 0 }];
    const isTooLate = all.some(({ at, retryAfter }) => at + Math.max(retryAfter, LONGEST_WAIT) > end);
    const begun = attempts.length + (this.fenced.has(messageId) ? 1 : 0);
    // A failure that the table did not take is a word that nobody has heard. What the row counts must have been begun.
    const mayBeUnheard = this.happened(/^(throttled|failedAfter|answerLost)#/) || this.gateway.isTableDown;
    const row = this.gateway.table.peek(`CONV#${conversation}`, turn.replace(/^TURN#/, "ATTEMPTS#"));
    const unheard = mayBeUnheard && row && Number(row.begun) <= begun ? Number(row.begun) - Number(row.failed) : 0;
    const lost = Math.max(begun - failures.length, unheard);
    if (!isFinal && !isTooLate && lost < MOST_LOST)
      this.violate("an apology has its cause", `${messageId}: ${lost} lost`);
  }

  /** The agent was told what is remembered of somebody. */
  private seeMemories({ user, chat, session, memories, text: asking }: AgentInput): void {
    this.checkTime(asking);
    const conversation = String(this.sessions.get(session)?.conversation);
    if (memories.length > 0 && isOffNow(conversation, user?.id ?? "", this, this.messages)) {
      this.violate("nothing is recalled while memory is off", `${session}: ${user?.id}`);
    }
    const asked = { chat: chat.id, chatType: chat.type === "group" ? "group" : "dm", user: user?.id ?? "" } as const;
    for (const { text } of memories) {
      for (const message of saidIn(text, this.messages)) {
        if (memoryScope(message) !== memoryScope(asked)) this.violate("nobody is told another's words", text);
      }
    }
  }

  /** The agent is asked for a text, each of which is of one message. Where the table fails, its last wait may not be known. */
  private checkTime(text: string): void {
    for (const { messageId, text: said } of this.promised.worked ? this.messages.values() : []) {
      const last = said.endsWith(text) ? this.gateway.agentFailures.get(messageId)?.at(-1) : undefined;
      if (!last || this.timeline.now + SKEW >= last.at + last.retryAfter) continue;
      this.violate("no attempt is made before its time", messageId);
    }
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
    if (open && !isIn(after, "DUE")) this.violate("everything unfinished is due", `session ${id}`);
    if (open && before?.status === "ended") this.violate("a sealed session stays sealed", id);
    if (open || before?.status === "ended") return;
    this.replays.sealed(id);
    const live = this.gateway.table.peek(`CONV#${after.conversation}`, "LIVE");
    if (live?.session === id) this.violate("a live session is not sealed", id);
    const stored = [...this.turns.values()].flat().filter((turn) => turn.session === id && turn.item.kind === "turn");
    if (after.turns !== stored.length) this.violate("a sealed session knows its turns", `${id}: ${after.turns}`);
    this.checkReason(id, String(after.reason), Number(after.endedAt));
  }

  /** Somebody has said why, and when, a session ended. */
  private checkReason(session: string, reason: string, at: number): void {
    if (!this.oracle.isPossible(session, reason)) this.violate("a session's reason is true", `${session}: ${reason}`);
    const early = this.oracle.earlyBy(session, reason, at);
    if (early > 0) this.violate("no session ends early", `${session}: ${early} ms, ${reason}`);
  }

  private seeHook(change: TableChange): void {
    const { before, after } = change;
    if (!after) return;
    const name = `${after.session} ${after.provider}`;
    this.hooks.set(name, after);
    this.breakers.seeHook(change, this.timeline.now);
    this.discards.see(change, this.timeline.now);
    this.acceptances.see(change, this.timeline.now);
    const { status } = after;
    if (status === "pending" && !isIn(after, "DUE")) this.violate("everything unfinished is due", `hook ${name}`);
    if (status === "dead" && !isIn(after, "DEAD")) this.violate("a dead hook can be found", name);
    const isTakenBack = before?.status === "delivered" && status !== "delivered";
    if (isTakenBack && !this.replays.mayReopen(before)) this.violate("what is delivered stays so", name);
    if (status !== "delivered" || before?.status === "delivered") return;
    const took = this.timeline.now - Number(after.createdAt);
    if (took > this.promised.messageId) this.violate("a session is delivered soon", `${name}: ${took} ms`);
    if (after.provider !== "crm") {
      if (took > this.promised.besides) this.violate("a hanging provider holds up no other", `${name}: ${took} ms`);
      return;
    }
    const id = webhookId(deliveryKey(this.gateway.config.tenant, "crm", String(after.session)));
    if (!this.gateway.provider.effects.has(id)) this.violate("only what the provider took is delivered", name);
  }

  private seeConversation(change: TableChange): void {
    const { before, after } = change;
    if (before && before.session !== after?.session) this.seeEnd(change, before);
    else if (before && after) this.seeClaim(before, after);
    if (after && before?.session !== after.session) this.noteClaim(after);
  }

  private seeEnd({ pk, after }: TableChange, before: Item): void {
    const { now } = this.timeline;
    const session = String(before.session);
    const isWithdrawn = !after && this.isWithdrawn(before);
    this.oracle.ended(session, { at: now, next: after && this.messageOf(String(after.startedBy)), isWithdrawn });
    if (isWithdrawn) return;
    if (after?.startedBy === before.startedBy) this.violate("a message starts one session", String(before.startedBy));
    const lease = before.lease as { readonly turn: string; readonly until: number };
    const running = lease.until > now + SKEW && !this.gateway.table.peek(`SESSION#${session}`, lease.turn);
    if (running) this.violate("no session ends under a running turn", session);
    if (!this.gateway.table.peek(pk, `SESSION#${session}`)) this.violate("every session has a row", session);
    const late = now - this.oracle.latest(session);
    if (late > this.promised.lateness) this.violate("a session ends in time", `${session}: ${late} ms`);
    const reason = after ? (after.previous as { reason?: string } | undefined)?.reason : before.expiresWhy;
    if (after) this.checkReason(session, String(reason), now);
    if (reason === "reset" && !this.isBegun(session)) this.violate("no reset ends an empty session", session);
    if (reason === "reset") return;
    const expiry = typeof before.expiresAt === "number" ? before.expiresAt * 1000 : Number.POSITIVE_INFINITY;
    const end = after && typeof before.endsAt === "number" ? Math.min(before.endsAt, expiry) : expiry;
    if (now + SKEW < end) this.violate("no session ends early", `${session}: ${end - now} ms, ${reason}`);
    if (now > expiry + this.promised.lateness) this.violate("a session ends in time", `${session}: ${now - expiry} ms`);
  }

  /** Whether anything was said in a session, or its memory switched. */
  private isBegun(session: string): boolean {
    const stored = [...this.turns.values()].flat().filter((turn) => turn.session === session);
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
    if (calledAt >= end + SKEW) this.violate("no session goes on after its end", `${before.session}: ${turn}`);
  }

  /** A message has the turn lease of a session. */
  private noteClaim({ session, lease }: Item): void {
    const { turn } = lease as { readonly turn: string };
    const message = this.messageOf(turn);
    const latest = this.oracle.latest(String(session));
    if (message?.calledAt !== undefined && message.calledAt > latest) {
      this.violate("no session goes on after its end", `${session}: ${turn}, ${message.calledAt - latest} ms`);
    }
    this.oracle.claimed(String(session), message, this.timeline.now);
    const messageId = turn.slice(turn.lastIndexOf("#") + 1);
    this.attempts.set(messageId, [...(this.attempts.get(messageId) ?? []), this.timeline.now]);
  }

  /** The message that a turn's key is about. */
  private messageOf(turn: string): Message | undefined {
    return this.messages.get(turn.slice(turn.lastIndexOf("#") + 1));
  }

  /** Whether it was started for a message that had its turn elsewhere: such a session is taken back. */
  private isWithdrawn({ session, startedBy }: Item): boolean {
    const stored = [...this.turns.values()].flat();
    return stored.some(({ item }) => item.sk === startedBy) && stored.every((turn) => turn.session !== session);
  }
}

function isIn(item: Item, state: string): boolean {
  return String(item.state).startsWith(`${state}#`) && typeof item.at === "number";
}

function sessionIn(body: string): string {
  return (JSON.parse(body) as { readonly data: { readonly session: string } }).data.session;
}
