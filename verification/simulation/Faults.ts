import { Random } from "./Random.ts";

/** What can go wrong by itself, and how often (0 to 1) in the scenario that is played. */
export type FaultRates = Readonly<Partial<Record<FaultKind, number>>>;

export const FAULT_KINDS = [
  /** A function is killed before or after one of its calls; counted per invocation. */
  "killed",
  /** A function stands still for up to 100 seconds in the middle. */
  "frozen",
  /** An invocation starts up to 100 seconds after its messages were taken from the queue. */
  "startedLate",
  /** A message is taken from its queue without an invocation: the function is throttled. */
  "receiptThrottled",
  /** A call's answer is lost after it took effect; the SDK makes it again. */
  "answerLost",
  /** A call takes effect, and fails for the caller. */
  "failedAfter",
  /** A call is refused for good by throttling. */
  "throttled",
  /** A call that was on its way when its function died arrives all the same, up to 100 seconds later. */
  "arrivedLate",
  /** The index shows a write up to a minute late. */
  "indexLate",
  /** A read without consistency misses an item's last write. */
  "staleRead",
  /** A batch of reads or deletions leaves an item to be asked for again. */
  "leftOut",
  /** A batch of messages is taken without one of them. */
  "entryRefused",
  "queuedTwice",
  /** A message that was worked is not deleted, and comes again. */
  "notDeleted",
  "streamRepeated",
  /** A batch of the stream waits up to ten minutes. */
  "streamLate",
  "sweepMissing",
  "sweepLate",
  "sweepTwice",
  /** The provider answers with an error or a redirect, can't be reached, is slow, or its answer is odd. */
  "providerFails",
  /** The provider takes it and does not say so in time. */
  "providerLies",
  "platformFails",
  "platformLies",
  /** The agent is overloaded, refuses, has a bug, or returns what is no reply. */
  "agentFails",
  /** The agent takes longer than a function may. */
  "agentHangs",
  /** A platform sends a message again that was accepted. */
  "redelivered",
  /** A platform's call comes up to ten minutes late, behind younger ones. */
  "overtaken",
  /** An operator's tool is stopped in the middle. */
  "operatorStops",
  /** A record of the stream is one that no code can read. */
  "recordSpoiled",
] as const;

/** What operators do now and then, by the same dice. */
export type OperatorKind =
  /** An operator gives a hook up whose row was just written. */
  | "discarded"
  /** They take that back. */
  | "restored";

/** What goes wrong at a provider that accepts sessions and works on them later, by the same dice. */
export type WorkKind =
  /** It works on a session without an end. */
  | "providerWorksLong"
  /** It fails at a session that it has accepted, for good or not. */
  | "providerWorkFails"
  /** It loses a session that it has accepted. */
  | "providerLoses";

export type FaultKind = (typeof FAULT_KINDS)[number] | OperatorKind | WorkKind;

/**
 * Throws the dice for faults. Each kind has dice of its own, so that leaving one out changes the others little; each
 * throw that hits has a name, by which it can be left out when a scenario is played again.
 */
export class Faults {
  /** The names of all that happened, in order. */
  readonly happened: string[] = [];
  private calm = false;
  private readonly rates: FaultRates;
  private readonly without: ReadonlySet<string>;
  private readonly seed: string;
  private readonly dice = new Map<string, { readonly random: Random; throws: number }>();

  constructor(seed: string, rates: FaultRates, without: ReadonlySet<string>) {
    this.seed = seed;
    this.rates = rates;
    this.without = without;
  }

  /** No fault happens any more. */
  end(): void {
    this.calm = true;
  }

  happens(kind: FaultKind): boolean {
    const rate = this.rates[kind] ?? 0;
    if (rate === 0 || this.calm) return false;
    const dice = this.diceOf(kind);
    const number = dice.throws++;
    if (!dice.random.chance(rate)) return false;
    const name = `${kind}#${number}`;
    if (this.without.has(name)) return false;
    this.happened.push(name);
    return true;
  }

  /** Whether any has happened with such a name. */
  hasHappened(name: RegExp): boolean {
    return this.happened.some((one) => name.test(one));
  }

  /** How badly: a number from 0 to 1, drawn apart from whether. */
  degree(kind: FaultKind): number {
    return this.diceOf(`${kind}/degree`).random.next();
  }

  private diceOf(key: string) {
    const known = this.dice.get(key);
    if (known) return known;
    const dice = { random: new Random(`${this.seed}/${key}`), throws: 0 };
    this.dice.set(key, dice);
    return dice;
  }
}
