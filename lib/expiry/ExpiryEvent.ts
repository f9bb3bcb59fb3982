import type { DynamoDBRecord } from "aws-lambda";
import * as v from "valibot";

/** What calls the expiry function: a batch of stream records, or one of its schedules. */
export const expiryEventSchema = v.union([
  v.object({ Records: v.array(v.custom<DynamoDBRecord>((record) => typeof record === "object" && record !== null)) }),
  // Without a part: of everything, as the only schedule of a version before there were parts says it.
  v.object({ type: v.literal("sweep"), part: v.exactOptional(v.number()), of: v.exactOptional(v.number()) }),
  v.object({ type: v.literal("retention") }),
]);

export type ExpiryEvent = v.InferOutput<typeof expiryEventSchema>;
