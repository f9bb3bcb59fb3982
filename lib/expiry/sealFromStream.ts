import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { type Conversation, conversationSchema } from "../domain/Conversation.ts";
import type { SessionEnd } from "../domain/Session.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import { mapConcurrently } from "../runtime/async.ts";
import type { CoreServices } from "../services/Services.ts";
import { keyTail, LIVE } from "../store/keys.ts";
import { NewerVersion, parseVersioned } from "../store/versions.ts";
import { sealSession } from "./sealSession.ts";

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

/** The sweep's clock may be this far ahead of the table's, which stamps records in whole seconds, rounded down. */
const CLOCK_SKEW = 2_000;

/**
 * What a stream record of a conversation item says: that a session ended, and why; undefined when it says no such thing.
 * A removed item, or one that names another session than before, is a boundary; everything else is a turn going on.
 */
export function sessionEndOf({ dynamodb }: Pick<DynamoDBRecord, "dynamodb">): SessionEnd | undefined {
  if (dynamodb?.Keys?.sk?.S !== LIVE || !dynamodb.OldImage) return undefined;
  const conversation = keyTail(dynamodb.Keys.pk?.S ?? "");
  const old = parseImage(dynamodb.OldImage);
  const about = { conversation, turn: old.lease.turn };
  if (!dynamodb.NewImage) return { ...about, ...removal(old, (dynamodb.ApproximateCreationDateTime ?? 0) * 1000) };
  const next = parseImage(dynamodb.NewImage);
  return next.session === old.session ? undefined : { ...about, ...replacement(old, next) };
}

/** TTL and the sweep remove it after its expiry; before it only an operator does. */
function removal(
  { session, expiresAt, expiresWhy }: Conversation,
  removedAt: number,
): Omit<SessionEnd, "conversation" | "turn"> {
  return expiresAt !== undefined && expiresAt * 1000 <= removedAt + CLOCK_SKEW
    ? { session, reason: expiresWhy ?? "idle", endedAt: expiresAt * 1000 }
    : { session, reason: "api", endedAt: removedAt };
}

/** The successor says why. A session that a late message found expired ended at its expiry, not at the message. */
function replacement(
  { session, expiresAt }: Conversation,
  next: Conversation,
): Omit<SessionEnd, "conversation" | "turn"> {
  const reason = next.previous?.reason ?? "recovered";
  const expired = expiresAt !== undefined && reason !== "reset";
  return { session, reason, endedAt: expired ? Math.min(expiresAt * 1000, next.startedAt) : next.startedAt };
}

function parseImage(image: NonNullable<NonNullable<DynamoDBRecord["dynamodb"]>["OldImage"]>): Conversation {
  // The event's own type of attribute values differs from the SDK's only in how it spells "one of".
  return parseVersioned(conversationSchema, unmarshall(image as Record<string, AttributeValue>));
}
