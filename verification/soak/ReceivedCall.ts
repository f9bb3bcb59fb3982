import * as v from "valibot";

/** One line of a receiver's record: a call that it accepted, whatever it answered then. */
export const receivedCallSchema = v.object({
  /** The `webhook-id`. */
  id: v.string(),
  /** A digest of the body: the same on each attempt. */
  digest: v.string(),
  /** Whether the sender was told; false when the answer was withheld. */
  told: v.boolean(),
  body: v.unknown(),
});

export type ReceivedCall = v.InferOutput<typeof receivedCallSchema>;
