import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { stackFileSchema } from "../../lib/operator/gateway/stackFile.ts";
import { LocalError } from "../LocalError.ts";
import { pause } from "../pause.ts";
import { FAULTS, type Fault } from "./Fault.ts";
import { addMove, makeLabFolder, readFaults, readOffset, removeFault, writeFault } from "./labFiles.ts";

/** How long the gateway may take to notice a move of the clock, milliseconds: it looks each 100. */
const PATIENCE = 5_000;

/** Between two looks whether it has, milliseconds. */
const PAUSE = 20;

/** The most that one move may be, milliseconds: a year. What is kept for 30 days is long gone then. */
const MOST = 366 * 86_400_000;

export interface LabState {
  /** How far the gateway's clock is ahead of the machine's, milliseconds. */
  readonly clockOffset: number;
  /** Every provider that is broken, and how. */
  readonly broken: Readonly<Record<string, Fault>>;
}

/**
 * What can be tried out on the gateway of this machine: its clock is moved, its memory providers are broken and mended. It
 * works through files in the data folder, so that any process of the same user can do it while the gateway runs.
 */
export class Lab {
  readonly #dataPath: string;

  /** @param dataPath the gateway's data folder, such as `.vesper` */
  constructor(dataPath: string) {
    this.#dataPath = dataPath;
  }

  /** How things stand. @throws LocalError when no gateway runs there, or a file is damaged */
  state(): LabState {
    const { clockOffset } = this.#stack();
    return { clockOffset, broken: readFaults(this.#dataPath) };
  }

  /**
   * Moves the clock of the whole gateway ahead: functions, queues, table and schedules. Resolves once it is moved and the
   * sweep is called. A clock does not go back: remove the data folder for that.
   *
   * @param by milliseconds, at most a year
   * @returns how far it is ahead now
   * @throws LocalError
   */
  async moveClock(by: number): Promise<number> {
    if (!Number.isSafeInteger(by) || by <= 0 || by > MOST) {
      throw new LocalError(`the clock can't be moved by ${by} ms: give 1 ms to 366 days; it only goes ahead`);
    }
    this.#stack();
    addMove(this.#dataPath, by);
    const wanted = readOffset(this.#dataPath);
    const giveUp = performance.now() + PATIENCE;
    for (let { clockOffset } = this.#stack(); clockOffset < wanted; { clockOffset } = this.#stack()) {
      if (performance.now() > giveUp) {
        throw new LocalError(
          `the gateway of ${this.#dataPath} did not move its clock within ${PATIENCE / 1_000} s: see its log; its next start will`,
        );
      }
      await pause(PAUSE, new AbortController().signal);
    }
    return wanted;
  }

  /** Breaks a provider, from its next call on. @throws LocalError for one that is not in the config */
  breakProvider(name: string, fault: Fault): void {
    this.#check(name);
    if (!FAULTS.includes(fault)) throw new LocalError(`"${fault}" is no fault: there is ${FAULTS.join(", ")}`);
    writeFault(this.#dataPath, name, fault);
  }

  /** Mends a provider, from its next call on. @throws LocalError for one that is not in the config */
  mendProvider(name: string): void {
    this.#check(name);
    removeFault(this.#dataPath, name);
  }

  #check(name: string): void {
    const names = Object.keys(this.#stack().queueUrls.sessionEnd);
    if (names.includes(name)) return;
    throw new LocalError(`the gateway has no memory provider "${name}": it has ${names.join(", ") || "none"}`);
  }

  #stack() {
    const path = join(this.#dataPath, "stack.json");
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (cause) {
      throw new LocalError(`no gateway runs in ${this.#dataPath}: start it with npm start`, { cause });
    }
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), stackFileSchema), text);
    if (!parsed.success) throw new LocalError(`${path} is not what npm start writes: start it anew`);
    makeLabFolder(this.#dataPath);
    return parsed.output;
  }
}
