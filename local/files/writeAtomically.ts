import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * Writes a file so that a reader, also one after a SIGKILL, sees the old content or the new one, never a part. Only its
 * owner reads it.
 */
export function writeAtomically(path: string, content: string): void {
  const draft = `${path}.draft`;
  // A draft that a crash left behind keeps its own permissions.
  rmSync(draft, { force: true });
  writeFileSync(draft, content, { mode: 0o600 });
  renameSync(draft, path);
}
