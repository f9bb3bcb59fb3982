import * as v from "valibot";

/** What an operator did, or set about doing: it is written before the act. */
export const auditEntrySchema = v.object({
  id: v.string(),
  /** Milliseconds since the epoch. */
  at: v.number(),
  /** The AWS caller, or the user of this machine. */
  who: v.string(),
  /** Such as `hooks redrive`. */
  action: v.string(),
  /** What it was done to: a filter, a session, a hook. Nobody's words, and no user's id. */
  target: v.string(),
  why: v.exactOptional(v.string()),
  /** The id of the bulk action that this began or touched. */
  operation: v.exactOptional(v.string()),
});

export type AuditEntry = v.InferOutput<typeof auditEntrySchema>;
