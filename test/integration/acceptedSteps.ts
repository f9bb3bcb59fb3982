import { afterEach, beforeEach } from "vitest";
import type { ConfigInput } from "../../lib/config/defineConfig.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import { listHooks } from "../../lib/operator/listHooks.ts";
import { hookDetails } from "../../lib/operator/views.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { worksLater } from "../harness/worksLater.ts";

/** The states that these tests list. */
export type HookState = "accepted" | "pending" | "dead" | "discarded";

export let harness: GatewayHarness;
/** What the provider accepts, and what becomes of it. */
export let later: ReturnType<typeof worksLater>;
let sessions = 0;

/** Each test of the file has a gateway whose provider only accepts. */
export function acceptForEach(): void {
  beforeEach(async () => {
    harness = await startGatewayHarness();
    later = worksLater();
    sessions = 0;
    deploy();
  });
  afterEach(() => harness.stop());
}

export const deploy = (config: Partial<ConfigInput> = {}) =>
  harness.deploy({ memory: { crm: later.adapter() }, ...config });

/** A session of a conversation of its own ends and its provider gets it; answers the session's id. */
export async function end(): Promise<string> {
  const conversation = `chat-${sessions++}`;
  await harness.chat("hello", { conversation });
  await harness.chat("/reset", { conversation });
  const hook = (await hookRows(harness)).find((found) => found.conversation.includes(conversation));
  return seen(hook).session;
}

/** Minutes pass, with their sweeps. */
export async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    harness.advance("1m");
    await harness.sweep();
    await harness.settle();
  }
}

/** What the ledger tells of the hooks in a state. */
export async function list(status: HookState) {
  return (await listHooks(harness.services, { limit: 20, status })).hooks.map(hookDetails);
}

/** The hook, which there must be. */
export function seen(hook: Hook | undefined): Hook {
  if (!hook) throw new Error("there is no hook");
  return hook;
}
