import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** The wall clock of the stack's processes, which can be stepped while they run; this process' own clock stays. */
export interface SteppedClock {
  /** What the processes must have in their environment. */
  readonly env: Readonly<Record<string, string>>;
  /** How far ahead of the machine's clock it is, milliseconds. */
  readonly offset: number;
  /** How often it was set back. */
  readonly stepsBack: number;
  /** Sets how far ahead it is. */
  step(offset: number): void;
}

/**
 * Builds the shim that steps the clock (`clock.c`) with the machine's C compiler.
 *
 * @returns in words why it can't be done here, where it can't
 */
export function prepareClock(folder: string): SteppedClock | string {
  if (process.platform !== "linux") return "the clock shim is for Linux";
  const library = join(folder, "clock.so");
  const source = join(import.meta.dirname, "clock.c");
  const built = spawnSync("cc", ["-O2", "-shared", "-fPIC", "-o", library, source], { encoding: "utf8" });
  if (built.status !== 0) return `no C compiler built the clock shim (${built.error?.message ?? built.stderr.trim()})`;
  const path = join(folder, "clock");
  let offset = 0;
  let stepsBack = 0;
  const step = (next: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(Math.round(next)));
    // Over the old bytes: the processes have the file mapped.
    writeFileSync(path, bytes, { flag: "r+" });
    if (next < offset) stepsBack += 1;
    offset = next;
  };
  writeFileSync(path, Buffer.alloc(8));
  const env = { LD_PRELOAD: library, SOAK_CLOCK: path };
  const shown = spawnSync(process.execPath, ["-p", "Date.now()"], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  if (shown.status !== 0) return `the clock shim does not load (${shown.stderr.trim()})`;
  return {
    env,
    step,
    get offset() {
      return offset;
    },
    get stepsBack() {
      return stepsBack;
    },
  };
}
