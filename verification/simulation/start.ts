import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Command, InvalidArgumentError } from "commander";
import { generateScenario } from "./generateScenario.ts";
import { play } from "./play.ts";
import { playMany } from "./playMany.ts";
import type { Scenario } from "./Scenario.ts";
import { shrink } from "./shrink.ts";

const {
  seed,
  runs,
  threads,
  tell,
  shrink: isShrunk,
} = new Command("simulate")
  .description("Plays made-up histories against the gateway's own code, and checks its promises all the while.")
  .option("--seed <number>", "the first scenario's seed", whole, 1)
  .option("--runs <number>", "how many scenarios, each with the next seed", whole, 1_000)
  .option("--threads <number>", "how many are played at once", whole, availableParallelism())
  .option("--tell", "tell the first scenario as it happens", false)
  .option("--no-shrink", "do not look for the shortest scenario that breaks the same promise")
  .parse()
  .opts<{ seed: number; runs: number; threads: number; tell: boolean; shrink: boolean }>();

if (tell) await tellIt(generateScenario(String(seed)));
else await playThem();

// Handlers that were killed never end, and some of them wait for something.
process.exit();

async function playThem(): Promise<void> {
  const started = performance.now();
  const { totals, failed } = await playMany({ from: seed, runs, threads }, ({ runs: done }) => {
    console.error(`${done} of ${runs} scenarios, ${perSecond(done, started)} a second`);
  });
  const seconds = Math.round((performance.now() - started) / 1000);
  const faults = Object.entries(totals.faults).sort(([, a], [, b]) => b - a);
  console.log(`${totals.runs} scenarios from seed ${seed}: ${totals.sessions} sessions, ${totals.turns} turns`);
  console.log(`${seconds} s on ${threads} threads, ${perSecond(totals.runs, started)} a second`);
  console.log(`faults: ${faults.map(([kind, count]) => `${kind} ${count}`).join(", ")}`);
  if (!failed) return console.log("every promise held");
  console.log(`seed ${failed.seed} broke "${failed.rule}": ${failed.by}`);
  process.exitCode = 1;
  if (!isShrunk) return;
  const scenario = await shrink(generateScenario(String(failed.seed)), failed.rule);
  await tellIt(scenario);
  const file = `broken-${failed.seed}.json`;
  writeFileSync(file, `${JSON.stringify(scenario, null, 2)}\n`);
  console.log(
    `The scenario is in ${file}; put it into test/verification/simulation/scenarios/ when the defect is mended.`,
  );
  console.log(`The whole of it: npm run simulate -- --seed ${failed.seed} --tell`);
}

async function tellIt(scenario: Scenario): Promise<void> {
  const { actions, outages, rates, ...rest } = scenario;
  console.log(JSON.stringify(rest));
  for (const one of [...actions, ...outages]) console.log(JSON.stringify(one));
  const { violations, faults } = await play(scenario, (at, what) =>
    console.log(`${new Date(at).toISOString()} ${what}`),
  );
  console.log(`faults: ${faults.join(", ") || "none"}`);
  for (const { at, rule, by } of violations) console.log(`${new Date(at).toISOString()} BROKEN ${rule}: ${by}`);
}

function perSecond(count: number, since: number): number {
  return Math.round((count / (performance.now() - since)) * 1000);
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("a whole number is wanted.");
  return Number(text);
}
