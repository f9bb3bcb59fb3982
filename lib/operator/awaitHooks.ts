import type { Hook } from "../domain/Hook.ts";
import type { Services } from "../services/Services.ts";
import { loadHooks } from "../store/readHooks.ts";
import { readSession } from "../store/sessions.ts";

/** Between two looks, milliseconds: two small reads a look. */
const PAUSE = 250;

/**
 * Waits until a session is sealed and none of its hooks is pending any more.
 *
 * @param deadline when to give up, milliseconds since the epoch
 * @returns its hooks as they stood last; undefined when it was not even sealed by then
 */
export async function awaitHooks(
  { table, clock }: Pick<Services, "table" | "clock">,
  { conversation, session }: { readonly conversation: string; readonly session: string },
  deadline: number,
): Promise<readonly Hook[] | undefined> {
  for (;;) {
    // All hooks stand before a session is marked ended.
    const sealed = (await readSession(table, conversation, session))?.status === "ended";
    const hooks = sealed ? await loadHooks(table, session) : undefined;
    if (hooks?.every(({ status }) => status !== "pending") || clock.now() >= deadline) return hooks;
    await clock.until(Math.min(clock.now() + PAUSE, deadline));
  }
}
