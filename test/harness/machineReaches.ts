import { setTimeout } from "node:timers/promises";

/** Waits until this machine's clock shows that time, milliseconds since the epoch; `Date` shows a test's own time. */
export async function machineReaches(time: number): Promise<void> {
  await setTimeout(Math.max(0, time - (performance.timeOrigin + performance.now())) + 10);
}
