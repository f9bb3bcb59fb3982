import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

/** A thousand hooks with their failures as JSON, bytes. */
const MOST_OUTPUT = 64 * 1024 * 1024;

/** Runs `vesper … --json`. @returns what it printed, parsed @throws Error with what it said when it failed */
export async function runCli(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<unknown> {
  const program = join(import.meta.dirname, "../../bin/vesper.js");
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args, "--json"], {
    env: { ...process.env, ...env },
    maxBuffer: MOST_OUTPUT,
  });
  return JSON.parse(stdout);
}
