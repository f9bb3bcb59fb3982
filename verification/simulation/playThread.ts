import { parentPort } from "node:worker_threads";
import { generateScenario } from "./generateScenario.ts";
import { play } from "./play.ts";
import { counted, NOTHING, type Totals } from "./Totals.ts";

/** Scenarios to play: `count` of them, from that seed on. */
export interface Task {
  readonly from: number;
  readonly count: number;
}

/** What came of them. */
export interface Report {
  readonly totals: Totals;
  /** The first seed whose scenario broke a promise, and which promise; the rest was not played. */
  readonly failed?: { readonly seed: number; readonly rule: string; readonly by: string };
}

// Most errors here are expected, and nobody looks at where they came from.
Error.stackTraceLimit = 0;

parentPort?.on("message", async ({ from, count }: Task) => {
  parentPort?.postMessage(await playAll(from, count));
});

async function playAll(from: number, count: number): Promise<Report> {
  let totals = NOTHING;
  for (let seed = from; seed < from + count; seed++) {
    const played = await play(generateScenario(String(seed)));
    totals = counted(totals, played);
    const [first] = played.violations;
    if (first) return { totals, failed: { seed, rule: first.rule, by: first.by } };
  }
  return { totals };
}
