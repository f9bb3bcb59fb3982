import type { Item } from "./aws/Item.ts";
import { chunksOf } from "./chunksOf.ts";
import type { Gateway } from "./Gateway.ts";
import type { InvariantMonitor } from "./InvariantMonitor.ts";
import type { Timeline } from "./Timeline.ts";

/** What a turn notes of its reply's failure. */
interface Undelivered {
  readonly kind: string;
  readonly at: number;
  readonly pieces: readonly { readonly index: number }[];
  readonly resentAt?: number;
  readonly arrivedAt?: number;
}

/** Two clocks may differ by so much, milliseconds; the code allows for it. */
const SKEW = 2_000;

/** An attempt that has read the turn before a wait was noted there may go on so long, milliseconds. */
const UNAWARE = 180_000;

/** Faults by which the note of a wait may be lost. */
const MAY_DIE = /^(killed|frozen|startedLate|answerLost|failedAfter|throttled)#/;

/** A platform is called so often before its reply is left to an operator. */
const TRIES = 10;

/** A longer wait is left to an operator at once, milliseconds. */
const LONGEST_ASKED = 12 * 3_600_000;

/** Watches what becomes of replies: what turns say of them, and the platform's calls. */
export class Replies {
  /** Each turn's notice and reply, in pieces, as it was made; by its delivery. */
  readonly made = new Map<string, { readonly notice: readonly string[]; readonly reply: readonly string[] }>();
  /** The deliveries of turns whose reply is not what was made any more. */
  readonly reduced = new Set<string>();
  /** The deliveries whose reply is left to an operator. */
  readonly unsent = new Set<string>();
  private readonly calls = new Map<string, number>();
  /** Until when the platform wants no call, by delivery. */
  private readonly asked = new Map<string, number>();
  /** The waits that turns have noted, by delivery. */
  private readonly holds = new Map<
    string,
    { readonly session: string; readonly until: number; readonly since: number }
  >();
  private readonly gateway: Gateway;
  private readonly timeline: Timeline;
  private readonly monitor: InvariantMonitor;

  constructor(gateway: Gateway, timeline: Timeline, monitor: InvariantMonitor) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.monitor = monitor;
    gateway.replies.onCall = (body) => this.seeCall(body);
    gateway.replies.onAsked = (body, wait) => this.asked.set(deliveryIn(body), timeline.now + wait);
  }

  /** A turn was stored, or has changed. */
  see(session: string, before: Item | undefined, after: Item): void {
    const messageId = String(after.messageId);
    if (!before) this.made.set(messageId, this.piecesOf(after));
    this.seeWait(session, messageId, after);
    if (String(after.state).startsWith("UNSENT#")) this.unsent.add(messageId);
    else this.unsent.delete(messageId);
    const undelivered = after.undelivered as Undelivered | undefined;
    const isNew = undelivered && undelivered.at !== (before?.undelivered as Undelivered | undefined)?.at;
    if (isNew) this.checkFailure(session, messageId, undelivered, after);
    if (before && (isNew || before.reply !== after.reply)) this.checkWords(session, messageId, before, after);
  }

  /**
   * The pieces that a turn still says to be missing.
   *
   * @param isGivenUp an operator has purged its message: what was refused before that is in no failure
   */
  missingOf(messageId: string, { undelivered, refused }: Item, isGivenUp: boolean): readonly string[] {
    const { arrivedAt, pieces = [] } = (undelivered as Partial<Undelivered> | undefined) ?? {};
    const made = this.made.get(messageId) ?? { notice: [], reply: [] };
    const indexes = pieces.map(({ index }) => index);
    const refusals = (refused ?? []) as readonly number[];
    const failed = arrivedAt === undefined ? indexes : indexes.filter((index) => refusals.includes(index));
    const missing = isGivenUp && undelivered === undefined ? refusals : failed;
    return missing.map((index) => [...made.notice, ...made.reply][index] ?? "");
  }

  private piecesOf({ notice = "", reply = "" }: Item) {
    const { chunk } = this.gateway;
    return { notice: chunksOf(String(notice), chunk), reply: chunksOf(String(reply), chunk) };
  }

  private seeWait(session: string, messageId: string, { waitUntil }: Item): void {
    const until = typeof waitUntil === "number" ? waitUntil : undefined;
    if (until === undefined) {
      // None is noted, or an operator's word is above it.
      this.holds.delete(messageId);
      this.asked.delete(messageId);
      return;
    }
    if (this.holds.get(messageId)?.until === until) return;
    this.holds.set(messageId, { session, until, since: this.timeline.now });
    const asked = this.asked.get(messageId) ?? 0;
    // A function that dies before it notes a wait has told nobody of it.
    const isKnown = !this.gateway.faults.happened.some((name) => MAY_DIE.test(name)) && !this.gateway.isTableDown;
    if (isKnown && until < asked - SKEW)
      this.monitor.violate("no call before the platform's wait is over", `${messageId}: ${asked}`);
  }

  private seeCall(body: string): void {
    const { now } = this.timeline;
    const messageId = deliveryIn(body);
    this.calls.set(messageId, (this.calls.get(messageId) ?? 0) + 1);
    const { session } = JSON.parse(body) as { readonly session: string };
    // An operator's word is above the platform's.
    const undelivered = this.monitor.turns.get(messageId)?.at(-1)?.item.undelivered as Undelivered | undefined;
    for (const [by, hold] of this.holds) {
      const isOther = hold.session !== session || (by !== messageId && undelivered?.resentAt !== undefined);
      if (isOther || now >= hold.until - SKEW || now < hold.since + UNAWARE) continue;
      this.monitor.violate("no call before the platform's wait is over", `${messageId}: ${hold.until - now} ms`);
    }
  }

  /** A reply, or a part of it, is not tried any more. */
  private checkFailure(session: string, messageId: string, { kind, pieces }: Undelivered, { state }: Item): void {
    if (kind === "gone" || kind === "invalid") {
      const refused = (status: number) =>
        this.gateway.replies.refusals.filter((one) => one.status === status && deliveryIn(one.body) === messageId);
      const { notice, reply } = this.made.get(messageId) ?? { notice: [], reply: [] };
      const texts = refused(400).map(({ body }) => (JSON.parse(body) as { readonly text: string }).text);
      const isRefused =
        kind === "gone"
          ? refused(410).length > 0
          : pieces.every(({ index }) => texts.includes([...notice, ...reply][index] ?? ""));
      if (!isRefused) this.monitor.violate("only what the platform refuses for good is undeliverable", messageId);
      return;
    }
    if (!String(state).startsWith("UNSENT#")) this.monitor.violate("a failed reply can be found", messageId);
    const asked = Math.max(
      0,
      ...[...this.holds.values()].filter((hold) => hold.session === session).map(({ until }) => until),
    );
    const isLong = asked - this.timeline.now > LONGEST_ASKED - SKEW;
    if (!isLong && (this.calls.get(messageId) ?? 0) < TRIES) {
      this.monitor.violate("a reply is left to an operator after ten tries", `${messageId}: ${kind}`);
    }
  }

  /** What a live session's turn keeps as its reply is what arrived of it; one that has ended keeps what it has. */
  private checkWords(session: string, messageId: string, before: Item, after: Item): void {
    const live = this.gateway.table.peek(`CONV#${after.conversation}`, "LIVE")?.session === session;
    if (before.reply !== after.reply) this.reduced.add(messageId);
    if (!live) {
      if (before.reply !== after.reply) this.monitor.violate("no words change after a session's end", messageId);
      return;
    }
    const { notice, reply } = this.made.get(messageId) ?? { notice: [], reply: [] };
    const pieces = (after.undelivered as Undelivered | undefined)?.pieces ?? [];
    const missing = new Set(pieces.map(({ index }) => index - notice.length));
    const arrived = reply.filter((_, index) => !missing.has(index));
    const isWhole = arrived.length === reply.length && after.reply === reply.join("");
    const isRight = isWhole || String(after.reply ?? "") === arrived.join("\n");
    const received = new Set(
      [...this.gateway.replies.effects.values()]
        .filter(({ body }) => deliveryIn(body) === messageId)
        .map(({ body }) => (JSON.parse(body) as { readonly text: string }).text),
    );
    if (isRight && arrived.every((text) => received.has(text))) return;
    this.monitor.violate("what nobody received is in no transcript", `${messageId}: ${after.reply}`);
  }
}

function deliveryIn(body: string): string {
  return (JSON.parse(body) as { readonly inReplyTo: string }).inReplyTo;
}
