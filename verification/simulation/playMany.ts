import { Worker } from "node:worker_threads";
import type { Report, Task } from "./playThread.ts";
import { added, NOTHING, type Totals } from "./Totals.ts";

/** Scenarios that a thread plays at a time: some seconds' worth. */
const AT_A_TIME = 100;

/** Megabytes of young objects: a scenario makes much and keeps little, so that collecting less often is a fifth faster. */
const YOUNG = 64;

/** Plays scenarios on several threads until all are played or one has broken a promise. `tell` hears how far it is. */
export async function playMany(
  { from, runs, threads }: { readonly from: number; readonly runs: number; readonly threads: number },
  tell: (totals: Totals) => void,
): Promise<Report> {
  let totals = NOTHING;
  const failures: NonNullable<Report["failed"]>[] = [];
  let next = from;
  const end = from + runs;
  const work = async () => {
    const worker = new Worker(new URL("playThread.ts", import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    });
    while (next < end && failures.length === 0) {
      const task: Task = { from: next, count: Math.min(AT_A_TIME, end - next) };
      next += task.count;
      const report = await ask(worker, task);
      totals = added(totals, report.totals);
      if (report.failed) failures.push(report.failed);
    }
    await worker.terminate();
  };
  const timer = setInterval(() => tell(totals), 10_000);
  await Promise.all(Array.from({ length: Math.min(threads, Math.ceil(runs / AT_A_TIME)) }, work));
  clearInterval(timer);
  const [failed] = failures.sort((a, b) => a.seed - b.seed);
  return { totals, ...(failed ? { failed } : {}) };
}

function ask(worker: Worker, task: Task): Promise<Report> {
  const { promise, resolve, reject } = Promise.withResolvers<Report>();
  worker.once("message", resolve);
  worker.once("error", reject);
  worker.postMessage(task);
  return promise.finally(() => worker.off("error", reject));
}
