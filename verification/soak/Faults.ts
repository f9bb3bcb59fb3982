import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "./createRandom.ts";
import type { DataMount } from "./mountData.ts";
import type { SteppedClock } from "./prepareClock.ts";
import type { Part, Stack } from "./Stack.ts";

export interface FaultsOptions {
  readonly stack: Stack;
  readonly seed: number;
  /** The only kinds to make; empty: all. */
  readonly only: readonly string[];
  /** Absent: no full and no read-only disk. */
  readonly mount: DataMount | undefined;
  /** Absent: no steps of the clock. */
  readonly clock: SteppedClock | undefined;
}

/** What happens to the stack, and how likely each is. */
const WEIGHTS = {
  "kill all": 40,
  "kill while starting": 10,
  "kill runner": 8,
  "kill dynamodb": 8,
  "kill sqs": 8,
  freeze: 6,
  "clock step": 8,
  "disk full": 4,
  "disk full and kill": 4,
  "disk read-only at start": 3,
};

type FaultKind = keyof typeof WEIGHTS;

/**
 * Between two faults, in lengths of the last start, which takes two seconds, or twenty on a machine that is busy with
 * other things: so that a part of the time is left for work however slow the machine is.
 */
const LEAST_PAUSE = 0.5;

const MOST_PAUSE = 5;

/**
 * How far the clock may be off, milliseconds, to either side. Two steps must stay within the minute by which the gateway
 * lets a platform's clock differ from its own.
 */
const MOST_OFFSET_MS = 25_000;

/** Tries to start on a sound disk before that counts as a failure of its own; each may last a while on a busy machine. */
const MOST_STARTS = 3;

/** What goes wrong with the stack, one fault after the other; each ends with a stack that runs. */
export class Faults {
  readonly counts: Partial<Record<FaultKind, number>> = {};
  /** Starts that ended by themselves though nothing was wrong with the disk. */
  failedStarts = 0;
  readonly #options: FaultsOptions;
  readonly #random;
  readonly #weights: Readonly<Record<FaultKind, number>>;
  readonly #ending = new AbortController();

  /** @throws Error for a kind that there is not */
  constructor(options: FaultsOptions) {
    this.#options = options;
    const kinds = Object.keys(WEIGHTS);
    const unknown = options.only.find((kind) => !kinds.includes(kind));
    if (unknown !== undefined) throw new Error(`--only is "${unknown}", but must be one of ${kinds.join(", ")}`);
    const left = kinds.filter((kind) => options.only.length > 0 && !options.only.includes(kind));
    this.#weights = { ...WEIGHTS, ...Object.fromEntries(left.map((kind) => [kind, 0])) };
    this.#random = createRandom(options.seed, "faults");
  }

  /** Makes faults until `end` is called; then everything is sound again. */
  async run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      const pause = this.#random.between(LEAST_PAUSE, MOST_PAUSE) * (this.#options.stack.startTimes.at(-1) ?? 0);
      await sleep(pause, undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.#make(this.#random.weighted(this.#weights));
    }
    this.#options.clock?.step(0);
    await this.start();
  }

  /** No further fault begins; `run` resolves when the one under way is over. */
  end(): void {
    this.#ending.abort();
  }

  /** Starts what does not run. @throws Error when it can't */
  async start(): Promise<void> {
    for (let tries = 0; tries < MOST_STARTS; tries += 1) {
      if (await this.#options.stack.start()) return;
      this.failedStarts += 1;
      await sleep(500);
    }
    throw new Error("the stack does not start: see stack.log");
  }

  async #make(kind: FaultKind): Promise<void> {
    const { mount, clock, stack } = this.#options;
    if (kind === "clock step") {
      if (!clock) return;
      clock.step(this.#random.between(-MOST_OFFSET_MS, MOST_OFFSET_MS));
    } else if (kind.startsWith("disk")) {
      if (!mount) return;
      await this.#spoilDisk(kind, mount);
    } else if (kind === "freeze") {
      await stack.freeze(this.#anyPart(), this.#random.between(300, 6_000));
    } else {
      await this.#kill(kind);
    }
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  async #kill(kind: FaultKind): Promise<void> {
    const { stack } = this.#options;
    const [, part = ""] = kind.split(" ");
    const alone = stack.parts.find((one) => one === part);
    if (alone) {
      await stack.kill(alone);
      // For a moment the rest goes on without it.
      await sleep(this.#random.between(0, 2_000));
      return this.start();
    }
    await stack.kill();
    this.#choose();
    if (kind === "kill while starting") {
      const starting = stack.start();
      await sleep(this.#random.between(50, 1_500));
      await stack.kill();
      await starting;
    }
    await this.start();
  }

  async #spoilDisk(kind: FaultKind, mount: DataMount): Promise<void> {
    const { stack } = this.#options;
    const time = this.#random.between(1_000, 6_000);
    if (kind === "disk read-only at start") {
      await stack.kill();
      this.#choose();
      mount.readOnly();
      try {
        await Promise.race([stack.start(), sleep(time)]);
        await stack.kill();
      } finally {
        mount.writable();
      }
    } else {
      // Some bytes are left, so that it is a write in the middle of something that fails.
      mount.fill(this.#random.below(200_000));
      let isUp = true;
      try {
        await sleep(time);
        if (kind === "disk full and kill") {
          await stack.kill();
          this.#choose();
          // On a full disk it may start or not; either way nothing may be lost.
          isUp = await Promise.race([stack.start(), sleep(time, false)]);
        }
      } finally {
        mount.empty();
      }
      // A start that began on the full disk may end by that still.
      if (!isUp || this.#random.chance(0.5)) await stack.kill();
    }
    await this.start();
  }

  /** How the emulators run from the next start on. */
  #choose(): void {
    this.#options.stack.layout = this.#random.chance(0.6) ? "embedded" : "apart";
  }

  #anyPart(): Part {
    const { parts } = this.#options.stack;
    return parts[this.#random.below(parts.length)] ?? "runner";
  }
}
