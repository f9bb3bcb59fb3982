import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../files/writeAtomically.ts";
import { LocalError } from "../LocalError.ts";
import { FAULTS, type Fault } from "./Fault.ts";

/** Makes the lab's folders; only their owner looks into them. */
export function makeLabFolder(dataPath: string): void {
  mkdirSync(brokenFolder(dataPath), { recursive: true, mode: 0o700 });
}

/** How far the clock is ahead of the machine's, milliseconds. @throws LocalError when the file is damaged */
export function readOffset(dataPath: string): number {
  const path = clockFile(dataPath);
  const moves = (readIfThere(path) ?? "").split("\n").filter(Boolean).map(Number);
  const offset = moves.reduce((sum, move) => sum + move, 0);
  if (Number.isSafeInteger(offset)) return offset;
  throw new LocalError(
    `${path} is damaged: each line must be a whole number; remove it, and the clock is the machine's`,
  );
}

/** Moves the clock by so many milliseconds, from when the gateway notices. */
export function addMove(dataPath: string, by: number): void {
  appendFileSync(clockFile(dataPath), `${by}\n`, { mode: 0o600 });
}

/** How a provider is broken; undefined when it is not. @throws LocalError when the file says something else */
export function readFault(dataPath: string, provider: string): Fault | undefined {
  const path = join(brokenFolder(dataPath), provider);
  const text = readIfThere(path)?.trim();
  const fault = FAULTS.find((one) => one === text);
  if (text === undefined || fault !== undefined) return fault;
  throw new LocalError(`${path} says "${text}", but must be one of ${FAULTS.join(", ")}: write it anew, or remove it`);
}

export function writeFault(dataPath: string, provider: string, fault: Fault): void {
  writeAtomically(join(brokenFolder(dataPath), provider), fault);
}

export function removeFault(dataPath: string, provider: string): void {
  rmSync(join(brokenFolder(dataPath), provider), { force: true });
}

/** Every provider that is broken, and how. */
export function readFaults(dataPath: string): Readonly<Record<string, Fault>> {
  // A name has no dot: what has one is a draft that is being written.
  const names = readdirSync(brokenFolder(dataPath)).filter((name) => !name.includes("."));
  const faults = names.toSorted().map((name) => [name, readFault(dataPath, name)] as const);
  return Object.fromEntries(faults.flatMap(([name, fault]) => (fault ? [[name, fault]] : [])));
}

/**
 * The lab's files in the data folder: `lab/clock` has one move of the clock a line, in milliseconds, and `lab/broken/<provider>`
 * says how that provider is broken. So nobody reads before writing, and two who act at once do not undo each other.
 */
function clockFile(dataPath: string): string {
  return join(dataPath, "lab", "clock");
}

function brokenFolder(dataPath: string): string {
  return join(dataPath, "lab", "broken");
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
