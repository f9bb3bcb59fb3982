import { pause } from "../pause.ts";
import type { FunctionPool } from "./FunctionPool.ts";

/** What is needed of a pool. */
type Loadable = Pick<FunctionPool, "spec" | "startAfter" | "warmUp">;

/** The functions that answer a message. */
const ANSWERING = new Set(["webhook", "message"]);

/** For so long the other functions leave the machine to a message that comes at once, milliseconds. A sweep can wait for it. */
const HEAD_START_MS = 500;

/**
 * Loads each function, so that its first invocation finds it loaded: first those that answer, whatever the others are asked
 * for meanwhile. Resolves when all are loaded, or have failed to, or the signal aborts.
 *
 * @param onError hears of each one that can't be loaded
 */
export async function warmUp(
  pools: readonly Loadable[],
  onError: (functionName: string, error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const load = (pool: Loadable) => pool.warmUp().catch((error: unknown) => onError(pool.spec.name, error));
  const answers = ({ spec }: Loadable) => ANSWERING.has(spec.name);
  const others = pools.filter((pool) => !answers(pool));
  const turn = Promise.all(pools.filter(answers).map(load)).then(() => pause(HEAD_START_MS, signal));
  for (const pool of others) pool.startAfter(turn);
  await turn;
  if (!signal.aborted) await Promise.all(others.map(load));
}
