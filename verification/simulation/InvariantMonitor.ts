import { webhookId } from "../../lib/adapter/signing/postSigned.ts";
import { deliveryKey } from "../../lib/domain/ids.ts";
import { Acceptances } from "./Acceptances.ts";
import { AgentCalls } from "./AgentCalls.ts";
import type { Item } from "./aws/Item.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import { Boundaries } from "./Boundaries.ts";
import { Breakers } from "./Breakers.ts";
import { Discards } from "./Discards.ts";
import type { Gateway } from "./Gateway.ts";
import type { Message } from "./Message.ts";
import { plainRow } from "./plainRow.ts";
import type { Promised } from "./promised.ts";
import { Replays } from "./Replays.ts";
import { Replies } from "./Replies.ts";
import { SessionOracle } from "./SessionOracle.ts";
import type { Timeline } from "./Timeline.ts";

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

/** A function that makes a turn is over so long after it has taken the lease, milliseconds. */
const LEASE = 60_000;

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
  private readonly boundaries: Boundaries;
  private readonly agentCalls: AgentCalls;
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly promised: Promised;

  constructor(gateway: Gateway, timeline: Timeline, messages: ReadonlyMap<string, Message>, promised: Promised) {
    this.gateway = gateway;
    this.timeline = timeline;
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
    this.boundaries = new Boundaries(gateway, timeline, this, messages, promised);
    this.agentCalls = new AgentCalls(gateway, timeline, this, messages, promised);
    this.acceptances = new Acceptances(gateway, this.violate.bind(this));
    gateway.onProviderCall = (body) => {
      this.discards.seeCall(sessionIn(body), "crm");
      this.acceptances.seeCall(sessionIn(body), "crm");
    };
    gateway.table.onChange((change) => {
      this.see({ ...change, before: plainRow(change.before), after: plainRow(change.after) });
    });
    gateway.agent.onBesides = (session) => this.violate("a session has one turn at a time", session);
    gateway.agent.onMemories = (input) => this.agentCalls.see(input);
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
    if (sk === "LIVE") this.boundaries.see(change);
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
      if (!this.attempts.has(messageId)) this.agentCalls.fence(messageId);
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
    if (after.status === "failed") this.agentCalls.checkFailed(messageId, conversation, String(after.sk));
    if (stored.length > 0) this.violate("a message has one turn", messageId);
    const live = this.gateway.table.peek(`CONV#${conversation}`, "LIVE");
    // A write that arrives when its function is over may find a session that has ended and is not sealed: sealing counts it.
    const claimedAt = this.attempts.get(messageId)?.at(-1) ?? Number.POSITIVE_INFINITY;
    const isLate = this.gateway.faults.hasHappened(/^arrivedLate#/) && this.timeline.now > claimedAt + LEASE;
    const isSealed = this.sessions.get(session)?.status !== "open";
    if (live?.session !== session && (isSealed || !isLate)) {
      this.violate("no turn comes into a session that is not live", messageId);
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
  checkReason(session: string, reason: string, at: number): void {
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
}

function isIn(item: Item, state: string): boolean {
  return String(item.state).startsWith(`${state}#`) && typeof item.at === "number";
}

function sessionIn(body: string): string {
  return (JSON.parse(body) as { readonly data: { readonly session: string } }).data.session;
}
