import type { DynamoDBRecord } from "aws-lambda";
import type { SessionEndQueues } from "../hooks/SessionEndQueues.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import type { CoreServices } from "../runtime/Services.ts";
import { sealSession } from "./sealSession.ts";
import { sessionEndOf } from "./sessionEndOf.ts";

/** Records sealed at once: each is a handful of small calls, mostly waiting. */
const CONCURRENCY = 10;

/**
 * Seals every session that a batch of stream records ends. Answers the sequence numbers of the records that failed, for
 * the event source to repeat; one bad record holds up no other.
 */
export async function sealFromStream(
  services: CoreServices,
  queues: SessionEndQueues,
  records: readonly DynamoDBRecord[],
): Promise<readonly string[]> {
  const failed: string[] = [];
  await mapConcurrently(records, CONCURRENCY, async (record) => {
    try {
      const end = sessionEndOf(record);
      if (end) await sealSession(services, queues, end);
    } catch (error) {
      const number = record.dynamodb?.SequenceNumber ?? "";
      services.log.error("seal.failed", error, { record: number });
      failed.push(number);
    }
  });
  return failed;
}
