import type { DynamoDBRecord } from "aws-lambda";
import * as z from "zod/mini";

/** What calls the expiry function: a batch of stream records, or one of its schedules. */
export const expiryEventSchema = z.union([
  z.object({ Records: z.array(z.custom<DynamoDBRecord>((record) => typeof record === "object" && record !== null)) }),
  // Without a part: of everything, as the only schedule of a version before there were parts says it.
  z.object({ type: z.literal("sweep"), part: z.exactOptional(z.number()), of: z.exactOptional(z.number()) }),
  z.object({ type: z.literal("retention") }),
]);

export type ExpiryEvent = z.infer<typeof expiryEventSchema>;
