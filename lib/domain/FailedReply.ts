import * as v from "valibot";
import { jsonSchema } from "./json.ts";
import { turnSchema, undeliveredSchema } from "./Turn.ts";

/** A turn whose reply was left to an operator: it stands in the index as `UNSENT`, and can be sent again. */
export const failedReplySchema = v.object({
  ...turnSchema.entries,
  /** `SESSION#<id>`. */
  pk: v.string(),
  /** The conversation's key. */
  conversation: v.string(),
  /** Its place in the index. */
  state: v.string(),
  undelivered: v.object({ ...undeliveredSchema.entries, platform: v.string(), replyTo: jsonSchema }),
});

export type FailedReply = v.InferOutput<typeof failedReplySchema>;
