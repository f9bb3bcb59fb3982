import type { Scenario } from "./Scenario.ts";

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
export const SKEW = 2_000;

const SECOND = 1_000;

const MINUTE = 60_000;

/** Kinds of faults that make no session end late. */
const CALM: readonly string[] = [
  "redelivered",
  "overtaken",
  "providerFails",
  "providerLies",
  "providerWorksLong",
  "providerWorkFails",
  "providerLoses",
  "platformFails",
  "platformLies",
  "agentFails",
  "streamRepeated",
  "queuedTwice",
  "sweepTwice",
  "discarded",
  "restored",
];

/** Kinds of faults and outages that make no message die: neither a function nor a reply fails, and receives without an attempt are none. */
const HARMLESS =
  /^(redelivered|overtaken|provider.*|silent-provider|stream.*|recordSpoiled|sweep.*|schedules|sessionEnd|queuedTwice|indexLate|staleRead|leftOut|entryRefused|agentFails|operatorStops|discarded|restored|startedLate|receiptThrottled)$/;

/**
 * What a scenario's clocks promise, milliseconds: the sweep queues each end for its moment, with those of the same five
 * seconds, and nothing is in its way.
 */
export function promised({ rates, outages, pageSize, actions }: Scenario): Promised {
  const kinds = Object.keys(rates);
  const isCalm = kinds.every((kind) => CALM.includes(kind)) && pageSize > 100;
  const isWell = kinds.every((kind) => !/^(provider|platform)/.test(kind)) && outages.length === 0;
  const isKept =
    actions.every(({ does }) => !["empty", "deploy", "replay"].includes(does)) && !kinds.includes("discarded");
  const isClear = isCalm && isWell && isKept;
  const isLeftAlone =
    isCalm &&
    isKept &&
    kinds.every((kind) => !kind.startsWith("platform")) &&
    outages.every(({ what }) => what.includes("provider"));
  const punctual = isCalm && outages.every(({ what }) => /provider|platform|stream/.test(what));
  return {
    lateness: punctual ? 10 * SECOND : Number.POSITIVE_INFINITY,
    messageId: isClear ? MINUTE : Number.POSITIVE_INFINITY,
    besides: isLeftAlone ? MINUTE : Number.POSITIVE_INFINITY,
    resumption: punctual && actions.every(({ does }) => does !== "empty") ? 32 * MINUTE : Number.POSITIVE_INFINITY,
    worked: [...kinds, ...outages.map(({ what }) => what)].every((kind) => HARMLESS.test(kind)),
  };
}
