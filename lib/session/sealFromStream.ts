import type { DynamoDBRecord } from "aws-lambda";
import type { SessionEndQueues } from "../hooks/SessionEndQueues.ts";
import { mapConcurrently } from "../runtime/mapConcurrently.ts";
import { NewerVersion } from "../runtime/NewerVersion.ts";
import type { CoreServices } from "../runtime/Services.ts";
import { VesperError } from "../runtime/VesperError.ts";
import { sealSession } from "./sealSession.ts";
import { sessionEndOf } from "./sessionEndOf.ts";

/** Records sealed at once: each is a handful of small calls, mostly waiting. */
const CONCURRENCY = 10;

/**
 * A record that fails by its own fault is tried for so long, milliseconds, and then left to the sweep. The others of its
 * part of the shard wait behind it: a minute more, and the sweep would take their ends for lost.
 */
const SET_ASIDE = 4 * 60_000;

/**
 * Seals every session that a batch of stream records ends. Answers the sequence numbers of the records that failed, for
 * the event source to repeat until they are too old; one bad record holds up no other for more than four minutes.
 */
export async function sealFromStream(
  services: CoreServices,
  queues: SessionEndQueues,
  records: readonly DynamoDBRecord[],
): Promise<readonly string[]> {
  const { clock, log } = services;
  const failed: string[] = [];
  await mapConcurrently(records, CONCURRENCY, async ({ dynamodb }) => {
    try {
      const end = sessionEndOf({ dynamodb });
      if (end) await sealSession(services, queues, end);
    } catch (error) {
      const number = dynamodb?.SequenceNumber ?? "";
      const age = clock.now() - (dynamodb?.ApproximateCreationDateTime ?? 0) * 1000;
      if (age > SET_ASIDE && isOwn(error)) {
        log.error("seal.setAside", error, { record: number });
        return;
      }
      log.error("seal.failed", error, { record: number });
      failed.push(number);
    }
  });
  return failed;
}

/** Whether it is the record's own fault, or our code's with it: not a service's or a network's, which mends itself. */
function isOwn(error: unknown): boolean {
  if (error instanceof NewerVersion || !(error instanceof Error)) return true;
  if (error instanceof VesperError) return !error.retry;
  // A request that DynamoDB does not take is none that it will take later. Other errors of the SDK say whose fault they
  // are, those of the network have a system's code.
  return (
    error.name === "ValidationException" || !("$fault" in error || "code" in error || error.name === "TimeoutError")
  );
}
