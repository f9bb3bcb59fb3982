import { assumptions } from "./assumptions.ts";
import { counts } from "./counts.ts";
import { prices } from "./prices.ts";
import { type Load, type Usage, usage } from "./usage.ts";

/** The priced things that a month takes, with what each costs: dollars, free tier not taken off. Dearest first. */
export function bill(used: Usage): readonly { readonly name: keyof typeof prices; readonly dollars: number }[] {
  const names = Object.keys(prices) as (keyof typeof prices)[];
  return names
    .map((name) => ({ name, dollars: used[name] * prices[name].dollars }))
    .sort((a, b) => b.dollars - a.dollars);
}

/** Dollars a month of a load. */
export function dollars(load: Load): number {
  return bill(usage(load)).reduce((sum, part) => sum + part.dollars, 0);
}

/**
 * A load at which everything fixed has been paid for, so that what one more costs is what it uses. Beyond 17 million sessions a
 * month for each sweep it does not remember all that go on: those are three write units more.
 */
const BUSY: Load = { sessions: 1e7, messages: 1e8, providers: 1 };

const messages = aMillionMessages(BUSY);

/** Dollars that one more million of something costs. */
export const perMillion = {
  messages,
  /** Where they come in by a function URL, and not by the HTTP API. */
  messagesByUrl: aMillionMessages({ ...BUSY, door: "function-url" }),
  /** Each of 3 KB with its reply. */
  longMessages: messages + 1e6 * moreOfLong(),
  sessions: dollars({ ...BUSY, sessions: BUSY.sessions + 1e6 }) - dollars(BUSY),
  /** One more provider for each of a million sessions. */
  providers: (dollars({ ...BUSY, providers: 2 }) - dollars(BUSY)) / (BUSY.sessions / 1e6),
} as const;

/** Dollars that a million messages more than this cost. */
function aMillionMessages(load: Load): number {
  return dollars({ ...load, messages: load.messages + 1e6 }) - dollars(load);
}

/** Dollars that a turn of 3 KB costs more than a short one: written, read beside others of its kind, kept and deleted. */
function moreOfLong(): number {
  const { turn, longTurn, purgeFurther, purgeLong } = counts;
  const written = longTurn.written - turn.written + purgeLong.written - purgeFurther.written;
  const kept = (assumptions.stored.longTurn - assumptions.stored.turn) / 1e9;
  return (
    written * prices.write.dollars +
    (longTurn.read - turn.read) * prices.read.dollars +
    kept * (prices.storage.dollars + prices.recovery.dollars)
  );
}

/** Dollars a month without a single message. */
export const idle = dollars({ sessions: 0, messages: 0, providers: 1 });
