import type { Hook } from "../../lib/domain/Hook.ts";
import { listHooks } from "../../lib/operator/listHooks.ts";
import { hookDetails } from "../../lib/operator/views.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";

/** The states that these tests list. */
export type HookState = "accepted" | "pending" | "dead" | "discarded";

/** A session ends and its provider gets it; answers the session's id. */
export async function endAccepted(harness: GatewayHarness, conversation: string): Promise<string> {
  await harness.chat("hello", { conversation });
  await harness.chat("/reset", { conversation });
  const hook = (await hookRows(harness)).find((found) => found.conversation.includes(conversation));
  return seen(hook).session;
}

/** Minutes pass, with their sweeps. */
export async function passMinutes(harness: GatewayHarness, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) {
    harness.advance("1m");
    await harness.sweep();
    await harness.settle();
  }
}

/** What the ledger tells of the hooks in a state. */
export async function detailsOf(harness: GatewayHarness, status: HookState) {
  return (await listHooks(harness.services, { limit: 20, status })).hooks.map(hookDetails);
}

/** The hook, which there must be. */
export function seen(hook: Hook | undefined): Hook {
  if (!hook) throw new Error("there is no hook");
  return hook;
}
