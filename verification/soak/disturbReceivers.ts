import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "./createRandom.ts";
import type { Receivers } from "./Receivers.ts";

/** Of a thousand calls, in a time of trouble and in a quiet one. */
const TROUBLE = 250;

const QUIET = 20;

/**
 * Times of trouble, outages and quiet times of the receivers, in turn, until the signal aborts; then all is well again.
 *
 * @returns how often each fault was made, and how many outages there were
 */
export async function disturbReceivers(
  receivers: Receivers,
  seed: number,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const random = createRandom(seed, "receivers");
  let outages = 0;
  while (!signal.aborted) {
    const phase = random.weighted({ trouble: 4, quiet: 5, outage: 1 });
    if (phase === "outage") outages += 1;
    const faults = phase === "outage" ? 1000 : phase === "trouble" ? TROUBLE : QUIET;
    // An outage of the program that takes replies would only use up receives.
    await receivers.set({ provider: { faults }, replies: { faults: phase === "trouble" ? TROUBLE / 5 : QUIET } });
    await sleep(random.between(5_000, 20_000), undefined, { signal }).catch(() => undefined);
  }
  const counts = await receivers.set({ provider: { faults: 0 }, replies: { faults: 0 } });
  return { ...counts, "provider: outage": outages };
}
