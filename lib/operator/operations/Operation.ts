import * as v from "valibot";
import type { Config } from "../../config/Config.ts";
import type { HookQueues } from "../../queues/sessionEndQueues.ts";
import type { Queue, Services, Table } from "../../services/Services.ts";
import { operationItem } from "../../store/keys.ts";
import { readItem } from "../../store/readItem.ts";
import type { ReadServices } from "../../store/readItems.ts";
import { changesOf, isConditionFailed, updateItem } from "../../store/updateItem.ts";
import { parseVersioned } from "../../store/versions.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { listRecords } from "../listRecords.ts";

/**
 * What bulk actions do. The first four are for hooks, of which `restore` undoes `discard`; `replay` is for sessions. The
 * others say what they are for: replies that did not arrive, and the messages of the inbound dead-letter queue.
 */
export const VERBS = [
  ...(["redrive", "forward", "discard", "restore", "replay"] as const),
  ...(["send-replies", "discard-replies", "redrive-inbound", "discard-inbound"] as const),
] as const;

export type Verb = (typeof VERBS)[number];

/** Which rows a bulk action is for. */
export const scopeSchema = v.object({
  verb: v.picklist(VERBS),
  /** A filter of what the verb is for. */
  filter: v.string(),
  /** Of `replay`: the provider that gets the sessions, by its name in the config. */
  provider: v.exactOptional(v.string()),
  /** Of `replay`: also sessions that the provider has acknowledged already. */
  again: v.exactOptional(v.boolean()),
  /** When it was planned: what came later is not in it. Milliseconds since the epoch. */
  before: v.number(),
});

export type Scope = v.InferOutput<typeof scopeSchema>;

const hookTargetSchema = v.object({ session: v.string(), provider: v.string() });

/** One hook. */
export type HookTarget = v.InferOutput<typeof hookTargetSchema>;

const replyTargetSchema = v.object({ session: v.string(), turn: v.string(), failedAt: v.number() });

/** One failed reply: its turn's sort key, and which failure is meant. */
export type ReplyTarget = v.InferOutput<typeof replyTargetSchema>;

/** What is acted on; a message by the queue's id. */
export type Target = HookTarget | ReplyTarget | { readonly dlqMessage: string };

/** A bulk action as the table has it: any operator's process can look at it, cancel it or take it up. Times in milliseconds. */
export const operationSchema = v.object({
  id: v.string(),
  /** By which people call it. */
  name: v.string(),
  ...scopeSchema.entries,
  who: v.string(),
  why: v.exactOptional(v.string()),
  createdAt: v.number(),
  /** How many were planned. */
  count: v.number(),
  /** So many are tried first; the others wait for their outcome. 0: none. */
  canary: v.number(),
  /** The most of them a second. Absent: as fast as it goes. */
  rate: v.exactOptional(v.number()),
  /** `halted`: the canary failed, and nothing goes on unless an operator resumes it. */
  status: v.picklist(["running", "halted", "cancelled", "done"]),
  /** Why it was halted. */
  reason: v.exactOptional(v.string()),
  /** Those acted on; and those that were not what the plan saw any more, as somebody else had been faster. */
  done: v.number(),
  left: v.number(),
  /** DLQ messages that were taken off the dead-letter queue in the end, as they report no present death. */
  cleared: v.exactOptional(v.number()),
  /** How far through the list it is. */
  cursor: v.exactOptional(v.string()),
  /** The canary, and when they were tried. */
  tried: v.exactOptional(
    v.object({ at: v.number(), targets: v.array(v.union([hookTargetSchema, replyTargetSchema])), passed: v.boolean() }),
  ),
  /** The process that works on it. */
  lease: v.exactOptional(v.object({ id: v.string(), until: v.number() })),
  endedAt: v.exactOptional(v.number()),
});

export type Operation = v.InferOutput<typeof operationSchema>;

/** A bulk action's row as it stands now; undefined when there is none. */
export async function readOperation(table: Table, id: string): Promise<Operation | undefined> {
  const Key = operationItem(id);
  const item = await readItem(table, Key);
  return item && parseVersioned(operationSchema, item);
}

/** On which condition a bulk action's row is written. */
interface Unless {
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Writes to a bulk action's row, and answers it; undefined when the condition does not hold. */
export async function updateOperation(
  table: Table,
  id: string,
  changes: Readonly<Partial<Record<keyof Operation, unknown>>>,
  { condition, names = {}, values }: Unless,
): Promise<Operation | undefined> {
  const update = changesOf(changes);
  try {
    const attributes = await updateItem(table, {
      ...update,
      Key: operationItem(id),
      ConditionExpression: condition,
      ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...names },
      ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ...values },
      ReturnValues: "ALL_NEW",
    });
    return parseVersioned(operationSchema, attributes);
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return undefined;
  }
}

/** Bulk actions that are looked through for a name, the newest ones. */
const MOST = 1_000;

/** The bulk action that a person means: by its id, the end of that, or its name; of several of a name the newest. @throws CommandFailed */
export async function findOperation(services: ReadServices, given: string): Promise<Operation> {
  const exact = await readOperation(services.table, given.toUpperCase());
  if (exact) return exact;
  const { records } = await listRecords(services, "OPERATION", operationSchema, { limit: MOST });
  const tail = given.replace(/^(…|\.{2,3})/, "").toUpperCase();
  const found = records.find(({ name }) => name === given) ?? records.find(({ id }) => id.endsWith(tail));
  if (!found) throw new CommandFailed(`no bulk action "${given}": npx vesper operations ls lists them`);
  return found;
}

/** What acts on hooks work with. */
export interface HookTools {
  readonly services: Pick<Services, "table" | "clock" | "random" | "newId">;
  readonly queues: HookQueues;
}

/** What a replay works with: it makes hooks for a provider of the config. */
export interface ReplayTools extends HookTools {
  readonly config?: Pick<Config, "memory" | "tenant" | "groups">;
}

/** What bulk actions work with. Those for messages tell the messages' conversations by the config. */
export interface Tools extends ReplayTools {
  readonly queues: HookQueues & { readonly inbound: Queue; readonly inboundDlq: Queue };
}
