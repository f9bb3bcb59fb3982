import { renameSync, writeFileSync } from "node:fs";

/**
 * Writes a file so that a reader, also one after a SIGKILL, sees the old content or the new one, never a part.
 *
 * @param mode the file's permissions, such as 0o600
 */
export function writeAtomically(path: string, content: string, mode = 0o644): void {
  const draft = `${path}.draft`;
  writeFileSync(draft, content, { mode });
  renameSync(draft, path);
}
