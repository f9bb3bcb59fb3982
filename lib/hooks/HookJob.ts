import * as z from "zod/mini";

/** What stands on the session-end queue: one hook. It carries ids only; the table is the truth. */
export const hookJobSchema = z.object({
  v: z.literal(1),
  session: z.string(),
  conversation: z.string(),
  provider: z.string(),
  /** On the dead-letter queue: which death put it there. A job that comes back from there revives that death only. */
  deadAt: z.exactOptional(z.number()),
});

export type HookJob = z.infer<typeof hookJobSchema>;
