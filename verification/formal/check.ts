import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { mapConcurrently } from "../../lib/runtime/async.ts";
import { table } from "../cost/table.ts";
import type { Verdict } from "./readVerdict.ts";
import { type Search, verify } from "./verify.ts";

/**
 * `npm run formal`: searches all states of the protocol's model (README.md) within each of the bounds in scopes/, then
 * makes sure that each of the deliberate faults in faults/ is found, by the claim that it breaks. Exits with 1 otherwise.
 */

/** Bounds whose runs are searched for cycles, too. The others have the same processes, and would take too long. */
const ALSO_CYCLES = ["seals", "deliveries", "redrives", "discards", "accepted", "acceptedRedrives", "whole"];

/** Searches at once: each takes a core, and up to 1.2 GB. */
const AT_ONCE = Math.min(2, availableParallelism());

/** Says `skip` where CI may go without the search. */
const OPT_OUT = "VESPER_FORMAL";

const folder = fileURLToPath(new URL(".", import.meta.url));

interface Job {
  readonly path: string;
  readonly name: string;
  readonly search: Search;
  /** The claim that must be found broken; undefined: none may be. */
  readonly foundBy: string | undefined;
}

const missing = ["spin", "cc"].filter((tool) => spawnSync(tool, ["--version"]).error);

if (missing.length > 0) {
  // Nobody reads the log of a green run: there a search that was never made must not pass for one.
  const mustRun = process.env.CI === "true" && process.env[OPT_OUT] !== "skip";
  const how = mustRun ? `, or set ${OPT_OUT}=skip to go without` : "";
  const word = mustRun ? "FAILED" : "skipped";
  console.log(`formal: ${word}, as ${missing.join(" and ")} cannot be found; do: apt-get install -y spin gcc${how}`);
  process.exitCode = mustRun ? 1 : 0;
} else {
  await check();
}

async function check(): Promise<void> {
  const started = performance.now();
  const claims = claimNames(await readFile(new URL("boundary.pml", import.meta.url), "utf8"));
  const rows = new Map<Job, readonly string[]>();
  const jobs = await findJobs();
  let wrong = 0;
  await mapConcurrently(jobs, AT_ONCE, async (job) => {
    const verdict = await verify(job.path, job.search);
    const broken = typeof verdict.broken === "number" ? (claims.get(verdict.broken) ?? "?") : verdict.broken;
    const holds = job.foundBy === undefined ? verdict.complete && broken === undefined : broken === job.foundBy;
    if (!holds) wrong++;
    rows.set(job, row(job, verdict, broken, holds));
  });
  const head = ["model", "searched for", "states", "depth", "seconds", "result"];
  console.log(
    table(
      head,
      jobs.map((job) => rows.get(job) ?? []),
      false,
    ),
  );
  const took = Math.round((performance.now() - started) / 1000);
  const faults = jobs.filter(({ foundBy }) => foundBy !== undefined).length;
  console.log(
    wrong > 0
      ? `formal: ${wrong} of ${jobs.length} searches are not as they must be`
      : `formal: every search complete (no bitstate, no depth limit reached), no error; all ${faults} faults found; ${took} s`,
  );
  process.exitCode = wrong > 0 ? 1 : 0;
}

async function findJobs(): Promise<readonly Job[]> {
  const find = (pattern: string) => globSync(pattern, { cwd: folder }).sort();
  const scopes = find("scopes/*.pml").map((path) => jobOf(path, "states"));
  const cycles = scopes
    .filter(({ name }) => ALSO_CYCLES.includes(name))
    .map((job) => ({ ...job, search: "cycles" }) as const);
  const faults = find("faults/*.pml").map(async (path) => {
    const job = jobOf(path, "states");
    return { ...job, foundBy: /^#define FOUND_BY (\w+)/m.exec(await readFile(job.path, "utf8"))?.[1] ?? "nothing" };
  });
  return [...scopes, ...cycles, ...(await Promise.all(faults))];
}

function jobOf(path: string, search: Search): Job {
  return { path: `${folder}/${path}`, name: basename(path, ".pml"), search, foundBy: undefined };
}

function row(job: Job, verdict: Verdict, broken: string | undefined, holds: boolean): readonly string[] {
  const { states, depth, seconds, complete } = verdict;
  const found = broken === undefined ? (complete ? "no error" : "not complete") : `breaks ${broken}`;
  const wanted = job.foundBy === undefined ? "" : `, must break ${job.foundBy}`;
  return [
    job.name,
    job.foundBy === undefined ? job.search : "the fault",
    String(states),
    String(depth),
    seconds.toFixed(1),
    holds ? found : `WRONG: ${found}${wanted}`,
  ];
}

/** The claims by number, from `#define NAME number`, a line with what the claim says. */
function claimNames(model: string): ReadonlyMap<number, string> {
  const defined = model.matchAll(/^#define ([A-Z_]+) (\d+) +\/\*/gm);
  return new Map(Array.from(defined, ([, name = "", number]) => [Number(number), name]));
}
