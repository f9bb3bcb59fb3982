import { afterEach, beforeEach } from "vitest";
import type { MemoryProvider } from "../../lib/adapter/MemoryProvider.ts";
import { type HookJob, jobOf } from "../../lib/domain/HookJob.ts";
import { deliverHook } from "../../lib/session-end/deliverHook.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { customMemory } from "./customMemory.ts";

export let harness: GatewayHarness;
export let job: HookJob;

/** Each test of the file has a sealed session, and the job of its hook. */
export function sealForEach(): void {
  beforeEach(async () => {
    harness = await startGatewayHarness();
    deploy({});
    await harness.chat("hello");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    job = jobOf(await hook());
  });
  afterEach(() => harness.stop());
}

/** The session-end function works the job. */
export function work(given = job) {
  const { dlq } = harness.queues;
  return deliverHook(harness.services, dlq, given, Date.now() + 60_000);
}

/** The hook as it stands. */
export async function hook() {
  const [row] = await hookRows(harness);
  if (!row) throw new Error("no hook");
  return row;
}

/** The provider does that from now on. */
export function deploy(
  provider: Partial<MemoryProvider>,
  hooks: { retry?: [string, ...string[]]; timeout?: string; unknown?: "park" } = {},
) {
  harness.deploy({ memory: { crm: customMemory(provider) }, hooks });
}
