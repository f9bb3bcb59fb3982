import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readVerdict, type Verdict } from "./readVerdict.ts";

/** Memory of one search, megabytes; a search that needs more is not complete, and fails. */
const MOST_MEMORY = 2_000;

/** What is searched for: states that break a claim, or runs without an end. */
export type Search = "states" | "cycles";

/**
 * Searches all states of a Promela file: spin generates the verifier, the C compiler makes it, in a folder that is
 * removed afterwards. Throws when one of the two refuses.
 *
 * @param path the file, absolute
 */
export async function verify(path: string, search: Search): Promise<Verdict> {
  const folder = await mkdtemp(join(tmpdir(), "vesper-formal-"));
  try {
    await run("spin", ["-a", path], folder);
    const kind = search === "states" ? "-DSAFETY" : "-DNP";
    await run("cc", ["-O2", "-w", kind, `-DMEMLIM=${MOST_MEMORY}`, "-o", "pan", "pan.c"], folder);
    return readVerdict(await run(join(folder, "pan"), search === "states" ? [] : ["-l"], folder, true));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs a program and answers what it printed; throws when it fails, unless its status says nothing. */
function run(program: string, given: readonly string[], folder: string, anyStatus = false): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const child = spawn(program, given, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  child.on("error", reject);
  child.on("close", (status) => {
    if (status === 0 || anyStatus) resolve(printed);
    else reject(new Error(`${program} ${given.join(" ")} ended with ${status}:\n${printed}`));
  });
  return promise;
}
