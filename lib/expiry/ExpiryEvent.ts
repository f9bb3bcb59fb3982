import type { DynamoDBRecord, SQSRecord } from "aws-lambda";
import * as v from "valibot";
import { isObject } from "../domain/json.ts";

/** What calls the expiry function: a batch of stream records, a batch of visits, or one of its schedules. */
export const expiryEventSchema = v.union([
  v.pipe(
    v.object({ Records: v.array(v.custom<SQSRecord>(isFromQueue)) }),
    v.transform(({ Records }) => ({ visits: Records })),
  ),
  v.object({ Records: v.array(v.custom<DynamoDBRecord>(isObject)) }),
  // Without a part: of everything, as the only schedule of a version before there were parts says it.
  v.object({ type: v.literal("sweep"), part: v.exactOptional(v.number()), of: v.exactOptional(v.number()) }),
  v.object({ type: v.literal("retention") }),
]);

export type ExpiryEvent = v.InferInput<typeof expiryEventSchema>;

function isFromQueue(record: unknown): boolean {
  return isObject(record) && Reflect.get(record, "eventSource") === "aws:sqs";
}
