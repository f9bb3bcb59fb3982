import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { type FailedReply, failedReplySchema } from "../domain/FailedReply.ts";
import type { ResendJob } from "../domain/InboundJob.ts";
import { sha256 } from "../domain/ids.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { Queue, Services, Table } from "../services/Services.ts";
import { BY_STATE, stateKeys } from "../store/dueIndex.ts";
import { keyTail, turnItem } from "../store/keys.ts";
import { conditionHeld, updateItem } from "../store/updateItem.ts";
import { entrySchema, type StateEntry } from "./findByState.ts";
import { readRows, type UnreadRow } from "./readRows.ts";

/** Which failed replies to list. */
export interface FailedReplyFilter {
  /** The platform's name in the config. @default any */
  readonly platform?: string;
  /** The most index entries to look at: a page of the list. */
  readonly limit: number;
  /** Where the page before ended, as it said. @default from the newest message on */
  readonly cursor?: string;
}

/** A page of failed replies. */
export interface ListedReplies {
  /** Those whose message was written last come first. */
  readonly replies: readonly FailedReply[];
  /** Rows that may be failed replies, but could not be read: of a newer version, or spoiled. */
  readonly unread: readonly UnreadRow[];
  /** For the next page; undefined when this is the last. A page may be empty and not the last. */
  readonly cursor?: string;
}

/** Lists the replies that were left to an operator. Changes nothing. */
export async function listFailedReplies(
  services: Pick<Services, "table" | "clock" | "random">,
  { platform, limit, cursor }: FailedReplyFilter,
): Promise<ListedReplies> {
  const from = cursor === undefined ? undefined : parseCursor(cursor);
  const shards = await Promise.all(
    stateKeys("UNSENT").map((shard) => entriesIn(services.table, shard, from, limit + 1)),
  );
  const entries = shards.flat().sort(newestFirst);
  const page = entries.slice(0, limit);
  const { rows, unread } = await readRows(services, page, rowSchema);
  const replies = rows
    .filter((row) => row !== undefined)
    .filter(({ undelivered }) => platform === undefined || undelivered.platform === platform)
    .sort(newestFirst);
  const last = entries.length > limit ? page.at(-1) : undefined;
  return { replies, unread, ...(last ? { cursor: toCursor(last) } : {}) };
}

/** The index lags behind: a reply that it names may have arrived, or have been discarded, and stands in no state then. */
const rowSchema = v.union([
  failedReplySchema,
  v.pipe(
    v.object({ state: v.exactOptional(v.undefined()) }),
    v.transform(() => undefined),
  ),
]);

/** The entries of one partition of the index behind that one, so many at the most. */
async function entriesIn(
  table: Table,
  shard: string,
  from: StateEntry | undefined,
  limit: number,
): Promise<readonly StateEntry[]> {
  const found: StateEntry[] = [];
  const pages = paginateQuery(
    { client: table.client },
    {
      TableName: table.name,
      IndexName: BY_STATE,
      KeyConditionExpression: from ? "#state = :state AND #at <= :end" : "#state = :state",
      ExpressionAttributeNames: { "#state": "state", ...(from ? { "#at": "at" } : {}) },
      ExpressionAttributeValues: { ":state": shard, ...(from ? { ":end": from.at } : {}) },
      ScanIndexForward: false,
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const entry = parse(entrySchema, item);
      // Of one time the index promises no order of keys.
      if (from === undefined || newestFirst(from, entry) < 0) found.push(entry);
    }
    if (found.length >= limit && found.at(-1)?.at !== found[limit - 1]?.at) break;
  }
  return found;
}

function newestFirst(a: StateEntry, b: StateEntry): number {
  if (a.at !== b.at) return b.at - a.at;
  const [left, right] = [`${a.pk} ${a.sk}`, `${b.pk} ${b.sk}`];
  return left === right ? 0 : left < right ? 1 : -1;
}

const cursorSchema = v.pipe(
  v.strictTuple([v.number(), v.string(), v.string()]),
  v.transform(([at, pk, sk]): StateEntry => ({ at, pk, sk })),
);

function toCursor({ at, pk, sk }: StateEntry): string {
  return Buffer.from(JSON.stringify([at, pk, sk])).toString("base64url");
}

function parseCursor(cursor: string): StateEntry {
  try {
    return parse(cursorSchema, JSON.parse(Buffer.from(cursor, "base64url").toString()));
  } catch (cause) {
    throw new BadCursor({ cause });
  }
}

class BadCursor extends VesperError {
  override readonly name = "BadCursor";
  readonly retry = false;
  constructor(options: ErrorOptions) {
    super("the cursor is none that a list of failed replies gave: leave it out to begin with the newest", options);
  }
}

/**
 * Notes an operator's word on a failed reply, if it is still the failure that is meant. Answers whether it was.
 *
 * @param UpdateExpression with `:value`, and `#state` for its place in the index
 */
function updateFailedReply(
  table: Table,
  { pk, sk, undelivered }: FailedReply,
  UpdateExpression: string,
  value: unknown,
): Promise<boolean> {
  return conditionHeld(
    updateItem(table, {
      Key: turnItem(keyTail(pk), sk),
      UpdateExpression,
      ConditionExpression: "attribute_exists(#state) AND undelivered.#at = :failedAt",
      ExpressionAttributeNames: { "#state": "state", "#at": "at" },
      ExpressionAttributeValues: { ":failedAt": undelivered.at, ":value": value },
    }),
  );
}

/**
 * Has the missing pieces of a failed reply sent again: now, whatever wait the platform asked for. It stays in the list
 * until they have arrived, or fails anew. The job goes into the conversation's own group, so that it never runs beside
 * another; of several about one failure the first sends, so that repeating this is safe, also after a crash in it.
 *
 * @returns whether it is on its way; false when it is no failed reply any more
 */
export async function resendReply(
  { table, clock }: Pick<Services, "table" | "clock">,
  inbound: Queue,
  reply: FailedReply,
): Promise<boolean> {
  const { pk, sk, conversation, undelivered } = reply;
  const session = keyTail(pk);
  const update = "SET undelivered.resentAt = :value REMOVE waitUntil";
  if (!(await updateFailedReply(table, reply, update, clock.now()))) return false;
  const job: ResendJob = { v: 1, resend: { session, turn: sk, failedAt: undelivered.at } };
  const { Failed = [] } = await inbound.client.send(
    new SendMessageBatchCommand({
      QueueUrl: inbound.url,
      Entries: [
        {
          Id: "0",
          MessageBody: JSON.stringify(job),
          // As `acceptWebhook` names the conversation's group.
          MessageGroupId: hash(conversation),
          MessageDeduplicationId: hash(`${session}|${sk}|${undelivered.at}`),
        },
      ],
    }),
  );
  if (Failed.length > 0) throw new NotResent(Failed[0]?.Message ?? Failed[0]?.Code ?? "no reason");
  return true;
}

function hash(text: string): string {
  return sha256(text).toString("hex");
}

class NotResent extends VesperError {
  override readonly name = "NotResent";
  readonly retry = true;
  constructor(reason: string) {
    super(`the reply could not be put on the inbound queue (${reason}): send it again`);
  }
}

/** The most characters of a reason: it is stored with the turn, in an item of a limited size. */
const MOST_REASON = 500;

/**
 * Takes a failed reply off the list: nobody wants it any more. It stays with its turn, together with the reason.
 *
 * @returns whether it was discarded; false when it is no failed reply any more
 */
export async function discardReply(
  { table, clock }: Pick<Services, "table" | "clock">,
  reply: FailedReply,
  reason: string,
): Promise<boolean> {
  if (reason.trim() === "" || reason.length > MOST_REASON) throw new BadReason(reason.length);
  const discarded = { at: clock.now(), reason };
  return updateFailedReply(table, reply, "SET undelivered.discarded = :value REMOVE #state", discarded);
}

class BadReason extends VesperError {
  override readonly name = "BadReason";
  readonly retry = false;
  constructor(characters: number) {
    super(`the reason has ${characters} characters; say in 1 to ${MOST_REASON} why the reply is not wanted any more`);
  }
}
