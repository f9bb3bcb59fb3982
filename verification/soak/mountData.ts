import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The data folder as a small file system of its own, so that it alone can be full or read-only. */
export interface DataMount {
  /** Fills it, but for so many bytes. */
  fill(left: number): void;
  /** Gives the room back. */
  empty(): void;
  /** Nothing on it can be written. Only while no process has a file of it open. */
  readOnly(): void;
  writable(): void;
  unmount(): void;
}

/** Room for an hour of the default rate, MB; memory is taken as it is used. */
const SIZE_MB = 2048;

/**
 * Mounts a tmpfs at the folder. What a killed process wrote there stays, as on a disk.
 *
 * @returns in words why it can't be done here, where it can't
 */
export function mountData(folder: string): DataMount | string {
  mkdirSync(folder, { recursive: true });
  if (process.platform !== "linux") return "a data folder of its own size needs a tmpfs of Linux";
  const problem = run("mount", "-t", "tmpfs", "-o", `size=${SIZE_MB}m`, "vesper-soak", folder);
  if (problem !== undefined) return `no file system of its own for the data folder: ${problem}`;
  const ballast = join(folder, "ballast");
  const must = (...command: readonly [string, ...string[]]) => {
    const failed = run(...command);
    if (failed !== undefined) throw new Error(`${command.join(" ")}: ${failed}`);
  };
  return {
    fill(left) {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - left)));
      } catch (error) {
        // The stack writes meanwhile: then the disk is full a moment sooner.
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    readOnly: () => must("mount", "-o", "remount,ro", folder),
    writable: () => must("mount", "-o", `remount,rw,size=${SIZE_MB}m`, folder),
    unmount: () => must("umount", "-l", folder),
  };
}

function run(...[command, ...args]: readonly [string, ...string[]]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  return status === 0 ? undefined : (error?.message ?? stderr.trim());
}
