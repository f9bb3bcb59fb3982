import type { DynamoDBRecord } from "aws-lambda";
import * as v from "valibot";

/** What calls the expiry function: a batch of stream records, or one of its schedules. */
export const expiryEventSchema = v.union([
  v.object({ Records: v.array(v.custom<DynamoDBRecord>((record) => typeof record === "object" && record !== null)) }),
  v.object({ type: v.literal("sweep") }),
  v.object({ type: v.literal("retention") }),
]);

export type ExpiryEvent = v.InferOutput<typeof expiryEventSchema>;
