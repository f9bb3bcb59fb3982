import * as v from "valibot";
import type { Hook } from "./Hook.ts";

/** What stands on the session-end queue: one hook. It carries ids only; the table is the truth. */
export const hookJobSchema = v.object({
  v: v.picklist([1]),
  session: v.string(),
  conversation: v.string(),
  provider: v.string(),
  /** On the dead-letter queue: which death put it there. A job that comes back from there revives that death only. */
  deadAt: v.exactOptional(v.number()),
});

export type HookJob = v.InferOutput<typeof hookJobSchema>;

/** The queue job of a hook row. */
export function jobOf({
  session,
  conversation,
  provider,
}: Pick<Hook, "session" | "conversation" | "provider">): HookJob {
  return { v: 1, session, conversation, provider };
}
