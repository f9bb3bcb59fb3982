import type { GatewayHarness } from "./GatewayHarness.ts";

/** At that moment (ISO 8601) the minute's schedule runs, and everything that follows from it. */
export async function sweepAt(harness: GatewayHarness, time: string): Promise<void> {
  harness.goTo(time);
  await harness.sweep();
  await harness.settle();
}
