import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { LocalError } from "../LocalError.ts";
import { keepNewFilesPrivate, keepPrivate } from "./keepPrivate.ts";

/** What the runner keeps in the data folder. Anything else in there is somebody else's, and is left as it is. */
const OWN = [
  "dynamodb",
  "sqs",
  "logs",
  "functions",
  "stack.json",
  "stack.json.draft",
  "streams.json",
  "streams.json.draft",
  "lab",
];

/**
 * Makes the data folder, or takes the one that is there, so that nobody but its owner gets at what is in it: transcripts,
 * and the key of the emulators.
 *
 * @throws LocalError when it can't be
 */
export function makeDataFolder(path: string): void {
  try {
    keepNewFilesPrivate();
    mkdirSync(path, { recursive: true });
    if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o700);
    for (const name of OWN) keepPrivate(join(path, name));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LocalError(
      `the data folder ${path} can't be made, or kept to its owner (${why}): name another with VESPER_DATA`,
      {
        cause: error,
      },
    );
  }
}
