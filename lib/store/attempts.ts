import * as v from "valibot";
import { type Json, jsonSchema } from "../domain/json.ts";
import type { Table } from "../services/Services.ts";
import { attemptsItem } from "./keys.ts";
import { LOOK_BACK } from "./lookBack.ts";
import { readItem } from "./readItem.ts";
import { conditionHeld, updateItem } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

const attemptsSchema = v.object({
  /** How often the agent was to be asked. */
  begun: v.number(),
  /** After how many of these a retry was agreed. The others were killed, or took too long. */
  failed: v.number(),
  /** When the first was begun. */
  firstAt: v.number(),
  /** No attempt is made before it. */
  nextAt: v.exactOptional(v.number()),
  /** Why the last one failed: a `FailureKind`, or an error's name. */
  kind: v.exactOptional(v.string()),
  /** The session of the last one. */
  session: v.string(),
  /** The user was told that it takes longer. */
  told: v.exactOptional(v.boolean()),
  /** Where a draft of the reply stands in the chat, until the reply replaces it; see `ShownDraft`. */
  draft: v.exactOptional(jsonSchema),
});

/**
 * The attempts at one message that the table knows of: all from its second receive on, and each that failed. They are the
 * message's, whatever becomes of sessions meanwhile. Times in milliseconds since the epoch.
 */
export type Attempts = v.InferOutput<typeof attemptsSchema>;

/** Reads them (a consistent read); undefined when none was noted. `turn` as made by `turnKey`. */
export async function readAttempts(table: Table, conversation: string, turn: string): Promise<Attempts | undefined> {
  const item = await readItem(table, attemptsItem(conversation, turn));
  return item && parseVersioned(attemptsSchema, item);
}

/**
 * Notes an attempt's beginning, or its failure, for as long as a redelivery is known. For the holder of the turn's lease.
 * A write of an earlier attempt that arrives late is refused, as is the SDK's repetition of one whose answer was lost.
 */
export async function noteAttempt(
  table: Table,
  conversation: string,
  turn: string,
  attempts: Attempts,
  now: number,
): Promise<void> {
  const isNew = "#begun < :begun OR (#begun = :begun AND #failed < :failed)";
  await write(table, conversation, turn, attempts, now, isNew);
}

/** Notes where a draft of the reply stands, with the attempt that shows it. A write of an earlier attempt is refused. */
export async function noteDraft(
  table: Table,
  conversation: string,
  turn: string,
  attempts: Attempts & { readonly draft: Json },
  now: number,
): Promise<void> {
  await write(table, conversation, turn, attempts, now, "#begun <= :begun");
}

async function write(
  table: Table,
  conversation: string,
  turn: string,
  { told: _, ...attempts }: Attempts,
  now: number,
  condition: string,
): Promise<void> {
  const written = { v: VERSION, ...attempts, expiresAt: Math.ceil((now + LOOK_BACK) / 1000) };
  const names = Object.keys(written);
  await conditionHeld(
    updateItem(table, {
      Key: attemptsItem(conversation, turn),
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(", ")}`,
      ConditionExpression: `attribute_not_exists(pk) OR ${condition}`,
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        Object.entries(written).map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  );
}

/** Notes that the user is told now that it takes longer. Answers whether it is the first time. */
export function noteTold(table: Table, conversation: string, turn: string): Promise<boolean> {
  return conditionHeld(
    updateItem(table, {
      Key: attemptsItem(conversation, turn),
      UpdateExpression: "SET told = :true",
      ConditionExpression: "attribute_exists(pk) AND attribute_not_exists(told)",
      ExpressionAttributeValues: { ":true": true },
    }),
  );
}
