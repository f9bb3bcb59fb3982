import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Hook, hookSchema } from "../../lib/hooks/Hook.ts";
import { type Conversation, conversationSchema } from "../../lib/session/Conversation.ts";
import { type Session, sessionSchema } from "../../lib/session/Session.ts";
import { loadTurns } from "../../lib/transcript/loadTurns.ts";
import type { Turn } from "../../lib/transcript/Turn.ts";
import type { World } from "./World.ts";

type Row = Readonly<Record<string, unknown>>;

/** Every item of the table, as an operator reads it, in the order of keys. */
export async function allRows({ operatorTable: { client, name } }: World): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    rows.push(...(page.Items ?? []));
  }
  return rows.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}

async function rowsOf(world: World, prefix: string): Promise<readonly Row[]> {
  return (await allRows(world)).filter(({ sk }) => String(sk).startsWith(prefix));
}

/** Every session, oldest first; of one chat when it is named. */
export async function sessionRows(world: World, chat?: string): Promise<readonly Session[]> {
  const sessions = (await rowsOf(world, "SESSION#")).map((row) => v.parse(sessionSchema, row));
  return sessions
    .filter((session) => chat === undefined || session.chat.id === chat)
    .sort((a, b) => a.startedAt - b.startedAt || endOf(a) - endOf(b));
}

/** The clock may stand still from a session's start to its successor's. */
function endOf({ endedAt = Number.MAX_SAFE_INTEGER }: Session): number {
  return endedAt;
}

/** Every hook row of the ledger, but those of sessions without a turn. */
export async function hookRows(world: World, provider?: string): Promise<readonly Hook[]> {
  const hooks = (await rowsOf(world, "HOOK#")).map((row) => v.parse(hookSchema, row));
  return hooks
    .filter(({ skipped }) => skipped !== "no-turns")
    .filter((hook) => provider === undefined || hook.provider === provider)
    .sort((a, b) => (a.session < b.session ? -1 : 1));
}

/** Every live conversation. */
export async function conversationRows(world: World): Promise<readonly Conversation[]> {
  return (await rowsOf(world, "LIVE")).map((row) => v.parse(conversationSchema, row));
}

/** A session's turns and commands. */
export function turnRows(world: World, session: string): Promise<readonly Turn[]> {
  return loadTurns(world.operatorTable, session);
}

/** How many messages a queue holds, the hidden ones included. */
export async function queueDepth(world: World, url: string): Promise<number> {
  const { Attributes = {} } = await world.operatorQueues.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0)
  );
}
