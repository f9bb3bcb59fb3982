import { paginateQuery } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { BY_STATE, stateKeys } from "../runtime/byState.ts";
import type { Services, Table } from "../runtime/Services.ts";
import { VesperError } from "../runtime/VesperError.ts";
import { parse } from "../schema/parse.ts";
import { type FailedReply, failedReplySchema } from "../transcript/FailedReply.ts";
import { entrySchema, type StateEntry } from "./findInShard.ts";
import type { UnreadRow } from "./parseRows.ts";
import { readRows } from "./readRows.ts";

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
  { table }: Pick<Services, "table">,
  { platform, limit, cursor }: FailedReplyFilter,
): Promise<ListedReplies> {
  const from = cursor === undefined ? undefined : parseCursor(cursor);
  const shards = await Promise.all(stateKeys("UNSENT").map((shard) => entriesIn(table, shard, from, limit + 1)));
  const entries = shards.flat().sort(newestFirst);
  const page = entries.slice(0, limit);
  const { rows, unread } = await readRows(table, page, rowSchema);
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
      KeyConditionExpression: from ? "#state = :state AND #at <= :at" : "#state = :state",
      ExpressionAttributeNames: { "#state": "state", ...(from ? { "#at": "at" } : {}) },
      ExpressionAttributeValues: { ":state": shard, ...(from ? { ":at": from.at } : {}) },
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
