import * as v from "valibot";

/** What an operator puts on the inbound queue, in the conversation's own group: send a failed reply again. */
export const resendJobSchema = v.object({
  v: v.picklist([1]),
  resend: v.object({
    session: v.string(),
    /** The turn's sort key. */
    turn: v.string(),
    /** The failure that is meant, by its `at`: after it has come to an end the job does nothing. */
    failedAt: v.number(),
  }),
});

export type ResendJob = v.InferOutput<typeof resendJobSchema>;
