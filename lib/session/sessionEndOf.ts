import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { keyTail, LIVE } from "../runtime/keys.ts";
import { parseVersioned } from "../runtime/parseVersioned.ts";
import { type Conversation, conversationSchema } from "./Conversation.ts";
import type { SessionEnd } from "./SessionEnd.ts";

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
