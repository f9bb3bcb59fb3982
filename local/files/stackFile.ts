import { rmSync } from "node:fs";
import { join } from "node:path";
import type { StackFile } from "../../lib/operator/gateway/stackFile.ts";
import { writeAtomically } from "./writeAtomically.ts";

const NAME = "stack.json";

/** Writes the file, whole or not at all; only its owner reads it. */
export function writeStackFile(stack: StackFile): void {
  writeAtomically(join(stack.dataPath, NAME), `${JSON.stringify(stack, null, 2)}\n`);
}

/** Removes the file: the gateway does not run any more. */
export function removeStackFile(dataPath: string): void {
  rmSync(join(dataPath, NAME), { force: true });
}
