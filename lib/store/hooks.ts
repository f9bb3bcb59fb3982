import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import * as v from "valibot";
import { parse } from "../adapter/schema/parse.ts";
import { type Hook, hookSchema } from "../domain/Hook.ts";
import { overdueAfter } from "../domain/hookSchedule.ts";
import { isObject } from "../domain/json.ts";
import type { Table } from "../services/Services.ts";
import { stateKey } from "./dueIndex.ts";
import { hookItem, type ItemKey } from "./keys.ts";
import { conditionHeld, type ItemUpdate, isConditionFailed } from "./updateItem.ts";
import { parseVersioned, VERSION } from "./versions.ts";

/*
 * All writes of a hook's row: the delivery of one session to one memory provider. Each is one conditional write.
 * docs/design/states.md has the picture. The first of them is here. `hookAttempts.ts` has those of workers, `hookWaits.ts`
 * those that move the time of the next look, `hookOperations.ts` those of operators; `readHooks.ts` reads the rows.
 *
 *   none -> pending, skipped             putHook          the session is sealed, or replayed
 *   pending, deferred, accepted -> leased
 *                                        leaseHook        a worker begins an attempt, or asks what became of it
 *   leased -> pending, deferred, accepted, dead
 *                                        recordFailure    the attempt failed, or the provider could not be asked
 *   any -> delivered                     recordDelivered  the provider has acknowledged, or has confirmed
 *   leased -> accepted                   recordAccepted   the provider works on it: it is asked later
 *   pending -> deferred                  deferHook        the provider's breaker is open
 *   deferred -> pending                  recordVisit      the sweep enqueued it
 *   pending, deferred -> pending         bringForward     an operator wants it now
 *   dead -> pending, accepted            reviveHook       an operator redrives it
 *   delivered -> pending                 reopenHook       an operator replays it once more
 *   pending, deferred, accepted, dead -> discarded
 *                                        discardHook      an operator gives it up
 *   discarded -> pending, accepted, dead restoreRow       an operator takes that back
 *
 * `recordCheckpoint` and `postponeHook` leave the state as it is; so do `deferHook`, `recordVisit` and `bringForward` that of
 * an accepted one, which is off the queue or on it as any other.
 */

interface HookUpdate {
  readonly UpdateExpression: string;
  readonly ConditionExpression: string;
  /** By their names without the colon. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly ReturnValues?: "ALL_OLD" | "ALL_NEW";
}

/** The update of a hook's row. Names that DynamoDB reserves stand in the expressions with `#`. */
export function hookUpdate(
  Key: ItemKey,
  { values, ...update }: HookUpdate,
): ItemUpdate & { readonly UpdateExpression: string } {
  const names = `${update.UpdateExpression} ${update.ConditionExpression}`.match(/#\w+/g);
  return {
    ...{ Key, ...update },
    ...(names ? { ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])) } : {}),
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
  };
}

/** The key of a hook's row. */
export const hookKey = ({ session, provider }: Pick<Hook, "session" | "provider">) => hookItem(session, provider);

/** Writes a new hook's row. Answers false when the session has a hook of that provider already; that one stands. */
export async function putHook(table: Table, hook: Hook): Promise<boolean> {
  const waiting =
    hook.status === "pending"
      ? { state: stateKey("DUE", hook.session), at: hook.nextAttemptAt + overdueAfter(hook.enqueues) }
      : {};
  const Item = { ...hookKey(hook), v: VERSION, ...hook, ...waiting };
  const put = { TableName: table.name, Item, ConditionExpression: "attribute_not_exists(pk)" };
  return conditionHeld(table.client.send(new PutCommand(put)));
}

const refusedSchema = v.object({ Item: v.optional(v.custom<Parameters<typeof unmarshall>[0]>(isObject)) });

/** The hook as it stands, from the error of a write that its condition refused; undefined when there is none. */
export function refusedHook(error: unknown): Hook | undefined {
  if (!isConditionFailed(error)) throw error;
  const item = parse(refusedSchema, error).Item;
  return item && parseVersioned(hookSchema, unmarshall(item));
}
