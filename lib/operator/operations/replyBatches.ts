import * as v from "valibot";
import { type FailedReply, failedReplySchema } from "../../domain/FailedReply.ts";
import { mapConcurrently } from "../../runtime/async.ts";
import { keyTail } from "../../store/keys.ts";
import { discardReply, resendReply } from "../failedReplies.ts";
import { parseReplyFilter } from "../filter/parseFilter.ts";
import { isReplyMeant } from "../filter/queries.ts";
import { fromCursor, toCursor } from "../pages/cursor.ts";
import { fillPage } from "../pages/fillPage.ts";
import { type Places, placesSchema, stateReader } from "../pages/stateReader.ts";
import { readRows, type UnreadRow } from "../readRows.ts";
import type { Batch, BatchOptions } from "./Batch.ts";
import type { Operation, ReplyTarget, Scope, Tools } from "./Operation.ts";

/** Conversations acted on at once. */
const CONCURRENCY = 10;

/** Entries of the index that one batch looks at. */
const MOST_ENTRIES = 5_000;

/** The index lags behind: a reply that it names may have arrived, or have been discarded, and stands in no state then. */
const rowSchema = v.union([failedReplySchema, v.object({ state: v.exactOptional(v.undefined()) })]);

/**
 * The failed replies of a bulk action, batch by batch, those of the oldest messages first: a conversation gets its answers
 * in the order in which they were given. One that an operator had sent again since the plan is not sent once more.
 *
 * @throws FilterError, CursorError
 */
export async function* replyBatches(
  tools: Tools,
  scope: Scope & Partial<Pick<Operation, "why">>,
  { page, cursor }: BatchOptions,
): AsyncGenerator<Batch> {
  const query = parseReplyFilter(scope.filter, scope.before);
  const list = ["replies", query];
  const isMeant = (reply: FailedReply) =>
    isReplyMeant(query, reply) &&
    reply.undelivered.at <= scope.before &&
    (reply.undelivered.resentAt ?? 0) < scope.before;
  let from = cursor === undefined ? undefined : fromCursor(list, placesSchema, cursor);
  do {
    const unread: UnreadRow[] = [];
    const found = await fillPage<FailedReply, Places>({
      reader: stateReader(tools.services.table, {
        ...{ state: "UNSENT", kind: "TURN#", order: "oldest", ...(from ? { from } : {}) },
      }),
      ...{ limit: page, most: MOST_ENTRIES, batch: page },
      accept: ({ pk }) => query.id === undefined || pk.endsWith(query.id),
      async expand(entries) {
        const rows = await readRows(tools.services, entries, rowSchema);
        unread.push(...rows.unread);
        const byKey = new Map(rows.rows.flatMap((row) => ("pk" in row ? [[`${row.pk} ${row.sk}`, row] as const] : [])));
        return entries.map(({ pk, sk }) => {
          const reply = byKey.get(`${pk} ${sk}`);
          return reply && isMeant(reply) ? [reply] : [];
        });
      },
      keyOf: ({ sk }) => sk,
    });
    from = found.next?.position;
    yield {
      targets: found.items.map(targetOf),
      facts: found.items.map(({ undelivered: { at, platform } }) => ({ at, whose: platform })),
      unread,
      act: () => actOn(tools, scope, found.items),
      ...(from ? { next: toCursor(list, from) } : {}),
    };
  } while (from);
}

function targetOf({ pk, sk, undelivered }: FailedReply): ReplyTarget {
  return { session: keyTail(pk), turn: sk, failedAt: undelivered.at };
}

async function actOn(
  { services, queues }: Tools,
  { verb, why = "no reason given" }: Scope & Partial<Pick<Operation, "why">>,
  replies: readonly FailedReply[],
): Promise<readonly ReplyTarget[]> {
  const done: ReplyTarget[] = [];
  const byConversation = Map.groupBy(replies, ({ conversation }) => conversation);
  await mapConcurrently(byConversation.values(), CONCURRENCY, async (own) => {
    for (const reply of own) {
      const isDone =
        verb === "send-replies"
          ? await resendReply(services, queues.inbound, reply)
          : await discardReply(services, reply, why);
      if (isDone) done.push(targetOf(reply));
    }
  });
  return done;
}
