import { chmodSync, lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { isMainThread } from "node:worker_threads";

/** Only the owner reads and writes. */
const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;

/** Every bit of the group and of others. */
const OTHERS = 0o077;

/** Whatever this process makes from now on is its user's alone: LevelDB and SQLite take no mode for their files. */
export function keepNewFilesPrivate(): void {
  // The mask is the whole process's, so that a thread may not set it.
  if (isMainThread) process.umask(OTHERS);
}

/**
 * Takes a file, or a folder with all that is in it, away from everybody but its owner. What is not there, and what a
 * symbolic link leads to, is left alone.
 */
export function keepPrivate(path: string): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) {
    tighten(path, stat.mode, FOLDER_MODE);
    for (const name of readdirSync(path)) keepPrivate(join(path, name));
  } else if (stat?.isFile()) tighten(path, stat.mode, FILE_MODE);
}

function tighten(path: string, before: number, mode: number): void {
  if ((before & OTHERS) !== 0) chmodSync(path, mode);
}
