import { parseArgs } from "node:util";

/** What a soak is told. */
export interface SoakOptions {
  /** How long there are traffic and faults; settling comes after it. */
  readonly minutes: number;
  /** Decides every random choice. */
  readonly seed: number;
  /** Messages a second. */
  readonly rate: number;
  /** The only kinds of faults to make, such as `disk full`; empty: all. */
  readonly only: readonly string[];
  /** The folder for everything; absent: a new one in the system's folder for temporary files. */
  readonly folder: string | undefined;
}

/** Reads `--minutes 30 --seed 1 --rate 8 --only "disk full" --folder path`. @throws Error that says what is wrong */
export function readOptions(args: readonly string[]): SoakOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: "string", default: "2" },
      seed: { type: "string", default: "1" },
      rate: { type: "string", default: "8" },
      only: { type: "string", multiple: true, default: [] },
      folder: { type: "string" },
    },
  });
  const number = (name: "minutes" | "seed" | "rate", least: number, most: number) => {
    const value = Number(values[name]);
    if (value >= least && value <= most) return value;
    throw new Error(`--${name} is "${values[name]}", but must be a number from ${least} to ${most}`);
  };
  return {
    minutes: number("minutes", 0.1, 24 * 60),
    seed: Math.floor(number("seed", 0, 2 ** 31 - 1)),
    rate: number("rate", 0.1, 1000),
    only: values.only,
    folder: values.folder,
  };
}
