import { BatchWriteCommand } from "@aws-sdk/lib-dynamodb";
import type { Hook } from "../../lib/domain/Hook.ts";
import type { Session } from "../../lib/domain/Session.ts";
import { chunks, mapConcurrently } from "../../lib/runtime/async.ts";
import { ulid } from "../../lib/runtime/ulid.ts";
import type { Table } from "../../lib/services/Services.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { hookItem, sessionItem } from "../../lib/store/keys.ts";

/** What stands in the table of one ended session, without its turns' rows, and of its hook for `crm`. */
export interface Seeded {
  readonly session: Session;
  readonly hook: Hook;
}

/**
 * Writes ended sessions, each with a dead hook, a second apart, oldest first; the last one ended a second before `now`.
 *
 * @param change what is different in the hook of that number
 */
export async function seedLedger(
  table: Table,
  count: number,
  now: number,
  change: (index: number) => Partial<Hook> = () => ({}),
): Promise<readonly Seeded[]> {
  const seeded = Array.from({ length: count }, (_, index) => seed(index, now - (count - index) * 1000, change(index)));
  await mapConcurrently(chunks(seeded.flatMap(itemsOf), 25), 4, async (batch) => {
    const requests = batch.map((Item) => ({ PutRequest: { Item } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: requests } }));
  });
  return seeded;
}

/** What stands in the table of one ended session, and of its hook. */
export function itemsOf({ session, hook }: Seeded): readonly Record<string, unknown>[] {
  return [
    {
      ...sessionItem(session.conversation, session.session),
      ...{ v: 1, ...session, state: stateKey("ENDED", session.session), at: session.endedAt },
    },
    {
      ...hookItem(hook.session, hook.provider),
      ...{ v: 1, ...hook },
      ...(hook.status === "dead" ? { state: stateKey("DEAD", hook.session), at: hook.deadAt } : {}),
      ...(hook.status === "pending" ? { state: stateKey("DUE", hook.session), at: hook.nextAttemptAt } : {}),
    },
  ];
}

/** An ended session and its hook for `crm`. @param at when it ended, milliseconds since the epoch */
export function seed(index: number, at: number, change: Partial<Hook>): Seeded {
  const id = ulid(at - 500);
  const conversation = `default/http/chat-${index}//`;
  return {
    session: {
      ...{ session: id, conversation, platform: "http", chat: { id: `chat-${index}`, type: "dm" }, origin: "chat" },
      ...{
        memory: "on",
        startedAt: at - 500,
        status: "ended",
        reason: index % 2 ? "idle" : "reset",
        endedAt: at,
        turns: 1,
      },
    },
    hook: {
      ...{ session: id, conversation, provider: "crm", status: "dead", createdAt: at, attempts: 1, nextAttemptAt: at },
      failures: [{ at, took: 20, kind: "auth", status: 401, message: `crm answered 401 to request ${id}` }],
      ...{ deadAt: at, redrives: 0, enqueues: 0 },
      ...change,
    },
  };
}
