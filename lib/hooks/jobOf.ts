import type { Hook } from "./Hook.ts";
import type { HookJob } from "./HookJob.ts";

/** The queue job of a hook row. */
export function jobOf({
  session,
  conversation,
  provider,
}: Pick<Hook, "session" | "conversation" | "provider">): HookJob {
  return { v: 1, session, conversation, provider };
}
