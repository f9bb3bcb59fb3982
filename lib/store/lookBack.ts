import { BatchGetCommand, paginateQuery } from "@aws-sdk/lib-dynamodb";
import { CLOCK_TOLERANCE } from "../domain/clockTolerance.ts";
import { type Session, sessionSchema } from "../domain/Session.ts";
import { isTombstone, type Turn, turnSchema } from "../domain/Turn.ts";
import type { CoreServices, Table } from "../services/Services.ts";
import { keyTail, turnItem } from "./keys.ts";
import { repeatBatch } from "./repeatBatch.ts";
import { parseVersioned } from "./versions.ts";

/** Platforms redeliver for up to 7 days (WhatsApp); one more for the queues between. */
export const LOOK_BACK = 8 * 24 * 3_600_000;

/** The most keys of one BatchGetItem. */
const BATCH = 100;

type BatchServices = Pick<CoreServices, "table" | "clock" | "random">;

/** What the conversation's recent past says about a message. */
export interface Past {
  /** The turn that an earlier delivery of the message made, and the session that holds it. */
  readonly found?: { readonly session: string; readonly turn: Turn };
  /** The newest session. */
  readonly latest?: Session;
  /** Those that are not sealed (yet). */
  readonly open: readonly string[];
  /** Whether one that was sealed keeps the turn out: an attempt at it had died there. */
  readonly voided: boolean;
}

/**
 * Looks through the conversation's sessions of the last 8 days for a turn. A session that ended before the message was
 * written can't hold it, so for a fresh message this is one query and no more.
 *
 * @param message `at`: when it was written, milliseconds since the epoch, as `now`
 * @param exclude a session that is left out
 */
export async function lookBack(
  services: BatchServices,
  conversation: string,
  message: { readonly turn: string; readonly at: number },
  now: number,
  exclude?: string,
): Promise<Past> {
  const sessions = (await recentSessions(services.table, conversation, now)).filter(
    ({ session }) => session !== exclude,
  );
  const [latest] = sessions;
  const open = sessions.filter(({ status }) => status === "open").map(({ session }) => session);
  const holders = sessions.filter(({ endedAt }) => endedAt === undefined || endedAt >= message.at - CLOCK_TOLERANCE);
  let voided = false;
  for (let start = 0; start < holders.length; start += BATCH) {
    const rows = await findRows(services, holders.slice(start, start + BATCH), message.turn);
    const item = rows.find((one) => !isTombstone(one));
    voided ||= rows.some(isTombstone);
    const found = item && { session: keyTail(String(item.pk)), turn: parseVersioned(turnSchema, item) };
    if (found) return { found, ...(latest ? { latest } : {}), open, voided };
  }
  return { ...(latest ? { latest } : {}), open, voided };
}

/** Sessions that were live within the window, newest first. A session may have begun long before it. */
async function recentSessions(table: Table, conversation: string, now: number): Promise<readonly Session[]> {
  const since = now - LOOK_BACK;
  const sessions: Session[] = [];
  const pages = paginateQuery(
    { client: table.client, pageSize: 25 },
    {
      TableName: table.name,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
      ExpressionAttributeValues: { ":pk": `CONV#${conversation}`, ":prefix": "SESSION#" },
      ScanIndexForward: false,
      ConsistentRead: true,
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      const session = parseVersioned(sessionSchema, item);
      // Sessions follow one another, so all before this one ended before it began.
      if (session.startedAt < since && (session.endedAt ?? since) < since) return sessions;
      sessions.push(session);
    }
  }
  return sessions;
}

/** What stands under the turn's key in any of these sessions. */
async function findRows(
  services: BatchServices,
  sessions: readonly Session[],
  turn: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const { client, name } = services.table;
  const found: Record<string, unknown>[] = [];
  const all = sessions.map(({ session }): Record<string, unknown> => ({ ...turnItem(session, turn) }));
  await repeatBatch(services, all, async (Keys) => {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [name]: { Keys: [...Keys], ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[name] ?? []));
    return UnprocessedKeys?.[name]?.Keys ?? [];
  });
  return found;
}
