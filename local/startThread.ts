import module from "node:module";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** Plain JavaScript: a thread has to take up the cache of compiled code before it meets the first TypeScript. */
const CODE = `
  const { workerData: { cache, program } } = require("node:worker_threads");
  const module = require("node:module");
  if (cache !== undefined) module.enableCompileCache(cache);
  // A thread that is ended would keep nothing.
  import(program).then(() => module.flushCompileCache());`;

/** A thread of this program that compiles nothing which this process has compiled before, if that keeps what it compiles. */
export function startThread(
  program: URL,
  data: object,
  options: Omit<WorkerOptions, "eval" | "workerData"> = {},
): Worker {
  const cache = module.getCompileCacheDir();
  return new Worker(CODE, { ...options, eval: true, workerData: { ...data, cache, program: program.href } });
}
