import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { jobOf } from "../domain/HookJob.ts";
import type { Measure } from "../domain/observability.ts";
import type { EndReason, SessionEnd } from "../domain/Session.ts";
import { type StoredRow, TURN_PREFIX } from "../domain/Turn.ts";
import { enqueueByProvider } from "../queues/enqueueHooks.ts";
import type { SessionEndQueues } from "../queues/sessionEndQueues.ts";
import type { CoreServices, Table } from "../services/Services.ts";
import { putHook } from "../store/hooks.ts";
import { newHooks } from "../store/newHooks.ts";
import { loadHooks } from "../store/readHooks.ts";
import { markEnded, readSession } from "../store/sessions.ts";
import { putTombstone } from "../store/turns.ts";
import { checkVersion } from "../store/versions.ts";

/**
 * Makes an ended session final: counts its turns, writes a hook row for each provider, marks it ended, enqueues the
 * jobs. Every step is safe to repeat: a session that is sealed stays as it is, and only jobs that no worker has begun
 * are enqueued again. The order is what makes a crash harmless: a session is ended only when its hooks stand, and a hook
 * that stands is found by the sweep even if its job was never sent.
 *
 * Only for a session that no conversation names any more: no turn can be added to it.
 */
export async function sealSession(services: CoreServices, queues: SessionEndQueues, end: SessionEnd): Promise<void> {
  const { table, config, clock, log } = services;
  const session = await readSession(table, end.conversation, end.session);
  if (!session) {
    log.warn("session.gone", { session: end.session });
    return;
  }
  if (session.status === "ended") return enqueueUnbegun(table, queues, end.session);
  const { rows, turns, lastAt } = await countForGood(services, end);
  // What began and ended without a turn is nothing to tell of, not even in the ledger.
  const hooks = turns === 0 ? [] : newHooks(config, session, rows, clock.now());
  for (const hook of hooks) await putHook(table, hook);
  // When the last message was written is by the platform's clock, which may say years ago.
  const endedAt = end.endedAt ?? Math.max(session.startedAt, lastAt ?? 0);
  const isFirst = await markEnded(table, session, { reason: end.reason, turns, endedAt });
  const facts = { session: end.session, reason: end.reason, turns, hooks: hooks.length };
  log.info("session.sealed", facts, isFirst ? measuresOf(end.reason, clock.now() - endedAt) : []);
  await enqueueByProvider(queues, hooks.filter(({ status }) => status === "pending").map(jobOf));
}

/** How late a session ended, milliseconds, only means something where its deadline is known. */
function measuresOf(reason: EndReason, late: number): readonly Measure[] {
  const ended: Measure = { name: "SessionEnded", value: 1, unit: "Count", by: { Reason: reason } };
  const isKnown = reason === "idle" || reason === "daily" || reason === "max-age";
  return isKnown ? [ended, { name: "ExpiryLateness", value: late, unit: "Milliseconds" }] : [ended];
}

/** What is to be known of a session's turns when it is sealed. */
interface Counted {
  readonly turns: number;
  /** They and the commands, oldest first; of words only whether there are any, as they may be megabytes. */
  readonly rows: readonly StoredRow[];
  /** When the last turn or command was written: until then a redelivery may be of something in this session. */
  readonly lastAt: number | undefined;
  /** Whether the turn that was asked for is among them. */
  readonly holds: boolean;
}

/** Counts the turns when none can come any more: not even the last one, whose function may have died storing it. */
async function countForGood(
  { table, clock }: Pick<CoreServices, "table" | "clock">,
  { session, turn }: SessionEnd,
): Promise<Counted> {
  const counted = await countTurns(table, session, turn);
  if (turn === undefined || counted.holds || (await putTombstone(table, session, turn, clock.now()))) return counted;
  return countTurns(table, session, turn);
}

/** What says which turns there are, and what of them may be delivered. */
const NAMES = [
  ...["sk", "v", "kind", "at", "origin", "user", "text", "reply", "switchOrder", "status", "command", "memoryOff"],
] as const;

async function countTurns(table: Table, session: string, wanted: string | undefined): Promise<Counted> {
  let holds = false;
  const rows: StoredRow[] = [];
  let lastAt: number | undefined;
  let start: Record<string, unknown> | undefined;
  do {
    const page = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
        ProjectionExpression: NAMES.map((name) => `#${name}`).join(", "),
        ExpressionAttributeNames: Object.fromEntries(NAMES.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: { ":pk": `SESSION#${session}`, ":prefix": TURN_PREFIX },
        ConsistentRead: true,
        ...(start ? { ExclusiveStartKey: start } : {}),
      }),
    );
    for (const turn of page.Items ?? []) {
      checkVersion(turn);
      holds ||= turn.sk === wanted;
      lastAt = typeof turn.at === "number" ? turn.at : lastAt;
      rows.push(withoutWords(turn));
    }
    start = page.LastEvaluatedKey;
  } while (start);
  return { turns: rows.filter(({ kind }) => kind === "turn").length, rows, lastAt, holds };
}

function withoutWords({ text, reply, ...row }: StoredRow): StoredRow {
  return { ...row, ...(text === undefined ? {} : { text: "" }), ...(reply === undefined ? {} : { reply: "" }) };
}

async function enqueueUnbegun(table: Table, queues: SessionEndQueues, session: string): Promise<void> {
  const hooks = await loadHooks(table, session);
  const unbegun = hooks.filter(({ status, attempts, accepted }) => status === "pending" && attempts === 0 && !accepted);
  await enqueueByProvider(queues, unbegun.map(jobOf));
}
