import * as z from "zod/mini";

/** One line of a receiver's record: a call that it accepted, whatever it answered then. */
export const receivedCallSchema = z.object({
  /** The `webhook-id`. */
  id: z.string(),
  /** A digest of the body: the same on each attempt. */
  digest: z.string(),
  /** Whether the sender was told; false when the answer was withheld. */
  told: z.boolean(),
  body: z.unknown(),
});

export type ReceivedCall = z.infer<typeof receivedCallSchema>;
