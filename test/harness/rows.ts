import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { paginateScan } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { type Conversation, conversationSchema } from "../../lib/domain/Conversation.ts";
import { type Hook, hookSchema } from "../../lib/domain/Hook.ts";
import { type Session, sessionSchema } from "../../lib/domain/Session.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { loadTurns } from "../../lib/store/turns.ts";
import type { GatewayHarness } from "./GatewayHarness.ts";

type Row = Readonly<Record<string, unknown>>;

/** Every item of the table, as an operator reads it, in the order of keys. */
export async function allRows({ operatorTable: { client, name } }: GatewayHarness): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const page of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    rows.push(...(page.Items ?? []));
  }
  return rows.sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
}

async function rowsOf(harness: GatewayHarness, prefix: string): Promise<readonly Row[]> {
  return (await allRows(harness)).filter(({ sk }) => String(sk).startsWith(prefix));
}

/** Every session, oldest first; of one chat when it is named. */
export async function sessionRows(harness: GatewayHarness, chat?: string): Promise<readonly Session[]> {
  const sessions = (await rowsOf(harness, "SESSION#")).map((row) => v.parse(sessionSchema, row));
  return sessions
    .filter((session) => chat === undefined || session.chat.id === chat)
    .sort((a, b) => a.startedAt - b.startedAt || endOf(a) - endOf(b));
}

/** The clock may stand still from a session's start to its successor's. */
function endOf({ endedAt = Number.MAX_SAFE_INTEGER }: Session): number {
  return endedAt;
}

/** Every hook row of the ledger, but those of sessions without a turn. */
export async function hookRows(harness: GatewayHarness, provider?: string): Promise<readonly Hook[]> {
  const hooks = (await rowsOf(harness, "HOOK#")).map((row) => v.parse(hookSchema, row));
  return hooks
    .filter(({ skipped }) => skipped !== "no-turns")
    .filter((hook) => provider === undefined || hook.provider === provider)
    .sort((a, b) => (a.session < b.session ? -1 : 1));
}

/** Every live conversation. */
export async function conversationRows(harness: GatewayHarness): Promise<readonly Conversation[]> {
  return (await rowsOf(harness, "LIVE")).map((row) => v.parse(conversationSchema, row));
}

/** A session's turns and commands. */
export function turnRows(harness: GatewayHarness, session: string): Promise<readonly Turn[]> {
  return loadTurns(harness.operatorTable, session);
}

/** How many messages a queue holds, the hidden ones included. */
export async function queueDepth(harness: GatewayHarness, url: string): Promise<number> {
  const { Attributes = {} } = await harness.operatorQueues.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }),
  );
  return (
    Number(Attributes.ApproximateNumberOfMessages ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0) +
    Number(Attributes.ApproximateNumberOfMessagesDelayed ?? 0)
  );
}
