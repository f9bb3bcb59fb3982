import type { Item } from "./aws/Item.ts";
import { chunksOf } from "./chunksOf.ts";
import type { Gateway } from "./Gateway.ts";
import type { Timeline } from "./Timeline.ts";
import type { Witness } from "./Witness.ts";

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
  private readonly witness: Witness;

  constructor(gateway: Gateway, timeline: Timeline, witness: Witness) {
    this.gateway = gateway;
    this.timeline = timeline;
    this.witness = witness;
    gateway.replies.onCall = (body) => this.seeCall(body);
    gateway.replies.onAsked = (body, wait) => this.asked.set(deliveryIn(body), timeline.now + wait);
  }

  /** A turn was stored, or has changed. */
  see(session: string, before: Item | undefined, after: Item): void {
    const delivery = String(after.delivery);
    if (!before) this.made.set(delivery, this.piecesOf(after));
    this.seeWait(session, delivery, after);
    if (String(after.state).startsWith("UNSENT#")) this.unsent.add(delivery);
    else this.unsent.delete(delivery);
    const undelivered = after.undelivered as Undelivered | undefined;
    const isNew = undelivered && undelivered.at !== (before?.undelivered as Undelivered | undefined)?.at;
    if (isNew) this.checkFailure(session, delivery, undelivered, after);
    if (before && (isNew || before.reply !== after.reply)) this.checkWords(session, delivery, before, after);
  }

  /** The pieces that a turn still says to be missing. */
  missingOf(delivery: string, { undelivered, refused = [] }: Item): readonly string[] {
    const { arrivedAt, pieces = [] } = (undelivered as Partial<Undelivered> | undefined) ?? {};
    const made = this.made.get(delivery) ?? { notice: [], reply: [] };
    const indexes = pieces.map(({ index }) => index);
    const missing =
      arrivedAt === undefined ? indexes : indexes.filter((index) => (refused as number[]).includes(index));
    return missing.map((index) => [...made.notice, ...made.reply][index] ?? "");
  }

  private piecesOf({ notice = "", reply = "" }: Item) {
    const { chunk } = this.gateway;
    return { notice: chunksOf(String(notice), chunk), reply: chunksOf(String(reply), chunk) };
  }

  private seeWait(session: string, delivery: string, { waitUntil }: Item): void {
    const until = typeof waitUntil === "number" ? waitUntil : undefined;
    if (until === undefined) return void this.holds.delete(delivery);
    if (this.holds.get(delivery)?.until === until) return;
    this.holds.set(delivery, { session, until, since: this.timeline.now });
    const asked = this.asked.get(delivery) ?? 0;
    if (until < asked - SKEW) this.witness.blame("no call before the platform's wait is over", `${delivery}: ${asked}`);
  }

  private seeCall(body: string): void {
    const { now } = this.timeline;
    const delivery = deliveryIn(body);
    this.calls.set(delivery, (this.calls.get(delivery) ?? 0) + 1);
    const { session } = JSON.parse(body) as { readonly session: string };
    // An operator's word is above the platform's.
    const undelivered = this.witness.turns.get(delivery)?.at(-1)?.item.undelivered as Undelivered | undefined;
    for (const [by, hold] of this.holds) {
      const isOther = hold.session !== session || (by !== delivery && undelivered?.resentAt !== undefined);
      if (isOther || now >= hold.until - SKEW || now < hold.since + UNAWARE) continue;
      this.witness.blame("no call before the platform's wait is over", `${delivery}: ${hold.until - now} ms`);
    }
  }

  /** A reply, or a part of it, is not tried any more. */
  private checkFailure(session: string, delivery: string, { kind }: Undelivered, { state }: Item): void {
    const isFinal = kind === "gone" || kind === "invalid";
    if (isFinal) {
      const status = kind === "gone" ? 410 : 400;
      const isRefused = this.gateway.replies.refusals.some(
        (refusal) => refusal.status === status && deliveryIn(refusal.body) === delivery,
      );
      if (!isRefused) this.witness.blame("only what the platform refuses for good is undeliverable", delivery);
      return;
    }
    if (!String(state).startsWith("UNSENT#")) this.witness.blame("a failed reply can be found", delivery);
    const asked = Math.max(
      0,
      ...[...this.holds.values()].filter((hold) => hold.session === session).map(({ until }) => until),
    );
    const isLong = asked - this.timeline.now > LONGEST_ASKED - SKEW;
    if (!isLong && (this.calls.get(delivery) ?? 0) < TRIES) {
      this.witness.blame("a reply is left to an operator after ten tries", `${delivery}: ${kind}`);
    }
  }

  /** What a live session's turn keeps as its reply is what arrived of it; one that has ended keeps what it has. */
  private checkWords(session: string, delivery: string, before: Item, after: Item): void {
    const live = this.gateway.table.peek(`CONV#${after.conversation}`, "LIVE")?.session === session;
    if (before.reply !== after.reply) this.reduced.add(delivery);
    if (!live) {
      if (before.reply !== after.reply) this.witness.blame("no words change after a session's end", delivery);
      return;
    }
    const { notice, reply } = this.made.get(delivery) ?? { notice: [], reply: [] };
    const pieces = (after.undelivered as Undelivered | undefined)?.pieces ?? [];
    const missing = new Set(pieces.map(({ index }) => index - notice.length));
    const arrived = reply.filter((_, index) => !missing.has(index));
    const isWhole = arrived.length === reply.length && after.reply === reply.join("");
    const isRight = isWhole || String(after.reply ?? "") === arrived.join("\n");
    const received = new Set(
      [...this.gateway.replies.effects.values()]
        .filter(({ body }) => deliveryIn(body) === delivery)
        .map(({ body }) => (JSON.parse(body) as { readonly text: string }).text),
    );
    if (isRight && arrived.every((text) => received.has(text))) return;
    this.witness.blame("what nobody received is in no transcript", `${delivery}: ${after.reply}`);
  }
}

function deliveryIn(body: string): string {
  return (JSON.parse(body) as { readonly inReplyTo: string }).inReplyTo;
}
