import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";

/** Hashes of the files that something is made of, by their absolute paths. It is good for as long as they are the same. */
export type Inputs = Readonly<Record<string, string>>;

/** In the place of a hash: the file was changed while it was read, so nobody knows what was read. */
const CHANGED = "changed";

/** @param began when the first of them was read, or before; milliseconds since the epoch, by the machine's clock */
export function inputsOf(paths: Iterable<string>, began: number): Inputs {
  return Object.fromEntries(
    Array.from(new Set(paths), (path) => [path, changedAt(path) < began ? hashOf(path) : CHANGED]),
  );
}

/** Whether the files still are what they were. */
export function areCurrent(inputs: Inputs): boolean {
  return Object.entries(inputs).every(([path, known]) => known !== CHANGED && hashOf(path) === known);
}

/** A hash of a file's content; of a file that is not there, that of nothing. */
export function hashOf(path: string): string {
  return hash(existsSync(path) ? readFileSync(path) : "");
}

/** A short hash of what was given. */
export function hash(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 32);
}

/** The machine's time, which the lab does not move, milliseconds since the epoch. */
export function machineTime(): number {
  return performance.timeOrigin + performance.now();
}

/** Milliseconds since the epoch; 0 for a file that is not there. */
function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
