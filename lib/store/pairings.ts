import { DeleteCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Person, personSchema } from "../domain/Message.ts";
import type { Table } from "../services/Services.ts";
import { pairingItem } from "./keys.ts";
import { readItem } from "./readItem.ts";
import { changesOf, conditionHeld, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/** How long a person waits for another code, milliseconds: a day. */
const CODE_STANDS = 24 * 3_600_000;

/** How long somebody who is not let in is known, milliseconds: an operator has a month to look. */
const ASKED_STANDS = 30 * CODE_STANDS;

const pairingSchema = v.object({
  user: personSchema,
  /** What they were told to show to an operator. */
  code: v.string(),
  /** When that was. Milliseconds since the epoch, as the others. */
  askedAt: v.number(),
  /** When an operator let them in; absent where none has, or has revoked it. */
  approvedAt: v.exactOptional(v.number()),
});

/** Somebody whom the config does not name, and whether they may talk all the same. */
export type Pairing = v.InferOutput<typeof pairingSchema>;

/** Whether an operator has let a user in (a consistent read). */
export async function isPaired(table: Table, platform: string, user: string): Promise<boolean> {
  const item = await readItem(table, pairingItem(platform, user));
  return item !== undefined && parseVersioned(pairingSchema, item).approvedAt !== undefined;
}

/** Notes the code that a user is told now. Answers false when they were told one within a day, or are let in. */
export function askPairing(table: Table, platform: string, user: Person, code: string, now: number): Promise<boolean> {
  const { ExpressionAttributeValues, ...changes } = changesOf({
    ...{ v: VERSION, user, code, askedAt: now },
    expiresAt: expiryAfter(now),
  });
  return conditionHeld(
    updateItem(table, {
      Key: pairingItem(platform, user.id),
      ConditionExpression: "attribute_not_exists(pk) OR (attribute_not_exists(approvedAt) AND askedAt <= :before)",
      ...changes,
      ExpressionAttributeValues: { ...ExpressionAttributeValues, ":before": now - CODE_STANDS },
    }),
  );
}

/** Everybody who has asked on a platform, approved or not. */
export async function listPairings(table: Table, platform: string): Promise<readonly Pairing[]> {
  const found: Pairing[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": pairingItem(platform, "").pk },
      ConsistentRead: true,
    },
  );
  for await (const page of pages) for (const item of page.Items ?? []) found.push(parseVersioned(pairingSchema, item));
  return found;
}

/**
 * Lets a user in, for good, or no more. Answers false when they have never asked.
 *
 * @param now milliseconds since the epoch
 */
export function setApproved(
  table: Table,
  platform: string,
  user: string,
  isApproved: boolean,
  now: number,
): Promise<boolean> {
  const changes = isApproved
    ? { approvedAt: now, expiresAt: undefined }
    : { approvedAt: undefined, expiresAt: expiryAfter(now) };
  return conditionHeld(
    updateItem(table, {
      Key: pairingItem(platform, user),
      ConditionExpression: "attribute_exists(pk)",
      ...changesOf({ v: VERSION, ...changes }),
    }),
  );
}

/** When TTL deletes the row of somebody who is not let in, seconds since the epoch. */
function expiryAfter(now: number): number {
  return Math.ceil((now + ASKED_STANDS) / 1000);
}

/** Forgets that a user has ever asked; then they are let in no more. */
export async function deletePairing(table: Table, platform: string, user: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: pairingItem(platform, user) }));
}
