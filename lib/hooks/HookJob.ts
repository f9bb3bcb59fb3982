import * as v from "valibot";

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
