import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { BY_STATE } from "../../../lib/store/dueIndex.ts";
import { tableExpressions } from "./tableExpressions.ts";
import type { Draws, TableStep } from "./tableSteps.ts";

/** Where a sequence of steps is played; what it writes has keys and index partitions of its own. */
export interface Place {
  readonly table: string;
  readonly run: string;
}

const SORT_KEYS = ["LIVE", "SESSION#1", "SESSION#2", "TURN#1", "TURN#\uFFFD", "TURN#😀"];

/** Keys that are refused, or on the border: 2048 and 1024 bytes are the most. */
const ODD_KEYS: readonly ((run: string) => Readonly<Record<string, unknown>>)[] = [
  () => ({ pk: "", sk: "LIVE" }),
  (run) => ({ pk: run, sk: "" }),
  (run) => ({ pk: run.padEnd(2046, "x").concat("é"), sk: "LIVE" }),
  (run) => ({ pk: run.padEnd(2047, "x").concat("é"), sk: "LIVE" }),
  (run) => ({ pk: run, sk: "é".repeat(512) }),
  (run) => ({ pk: run, sk: `${"é".repeat(512)}s` }),
  (run) => ({ pk: run }),
  () => ({ pk: 1, sk: "LIVE" }),
  (run) => ({ pk: run, sk: "LIVE", more: 1 }),
];

/** Attributes of the items that are put, and the placeholders with values of the same kind. */
const NUMBERS =
  /^(now|attempts|nextAttemptAt|next|enqueues|zero|when|deadAt|missedAt|turns|redrives|known|v|was|most|seen|begun|failed|deliveredAt|before|askedAt|approvedAt|goneAt|acceptedAt|since|ask|count)$/;

const TIMES = /^(at|to|again|from|end|readAt|failedAt|until|discardedAt)$/;

const LISTS = /^(none|times)$/;

const ANYTHING = /^(checkpoint|receipt|accepted|failures|value|name|last)$/;

const PUT = ["status", "session", "kind", "memory", "attempts", "nextAttemptAt", "deadAt", "missedAt", "redrives"]
  .concat(["v", "version", "lease", "state", "at", "name", "text", "isDeferred", "undelivered"])
  .concat(["discarded", "deliveredAt", "redrivenAt", "accepted", "acceptedAt", "attachments"]);

/** The request of a step. */
export function tableCommand(step: TableStep, place: Place) {
  const { table: TableName, run } = place;
  switch (step.does) {
    case "get":
      return new GetCommand({ TableName, Key: keyOf(step.key, run), ConsistentRead: step.consistent });
    case "put": {
      const { condition: ConditionExpression } = step;
      const Item = itemOf(step.key, step.draws, run);
      return new PutCommand({ TableName, Item, ...conditional({ ConditionExpression }, step, run) });
    }
    case "delete": {
      const { condition: ConditionExpression } = step;
      return new DeleteCommand({
        TableName,
        Key: keyOf(step.key, run),
        ...conditional({ ConditionExpression }, step, run),
      });
    }
    case "update": {
      const known = "(attribute_not_exists(v) OR v <= :known)";
      const condition = tableExpressions.refused.has(step.update) ? undefined : step.condition;
      const ConditionExpression = step.versioned && condition ? `(${condition}) AND ${known}` : condition;
      return new UpdateCommand({
        TableName,
        Key: keyOf(step.key, run),
        ...conditional({ ConditionExpression, UpdateExpression: step.update }, step, run),
        ReturnValues: step.versioned ? (step.key % 2 === 0 ? "ALL_NEW" : "ALL_OLD") : "NONE",
      });
    }
    case "query": {
      const expressions = {
        KeyConditionExpression: step.where,
        // A filter may not look at the key by which is read, which is the index's own there.
        FilterExpression: step.where.startsWith("pk") === step.filter?.includes("(sk,") ? undefined : step.filter,
        ProjectionExpression: step.where.startsWith("pk") && !step.counts ? step.projection : undefined,
      };
      return new QueryCommand({
        TableName,
        ...(step.where.startsWith("pk") ? {} : { IndexName: BY_STATE }),
        ...withPlaceholders(expressions, step.draws, run, 0),
        ScanIndexForward: !step.backward,
        ConsistentRead: step.consistent,
        ...(step.counts ? { Select: "COUNT" } : {}),
        ...(step.limit === undefined ? {} : { Limit: step.limit }),
      });
    }
    case "batchGet":
      return new BatchGetCommand({ RequestItems: { [TableName]: { Keys: step.keys.map((key) => keyOf(key, run)) } } });
    case "batchWrite": {
      const requests = step.writes.map(({ key, draws, puts }) =>
        puts ? { PutRequest: { Item: itemOf(key, draws, run) } } : { DeleteRequest: { Key: keyOf(key, run) } },
      );
      return new BatchWriteCommand({ RequestItems: { [TableName]: requests } });
    }
  }
}

function conditional(
  expressions: Readonly<Record<string, string | undefined>>,
  step: { readonly key: number; readonly draws: Draws },
  run: string,
) {
  const wanted = step.draws[0] === 0 ? {} : { ReturnValuesOnConditionCheckFailure: "ALL_OLD" as const };
  return { ...withPlaceholders(expressions, step.draws, run, step.key), ...wanted };
}

/** The expressions that are there, with every placeholder that stands in them. */
function withPlaceholders<Name extends string>(
  expressions: Readonly<Partial<Record<Name, string | undefined>>>,
  draws: Draws,
  run: string,
  key: number,
) {
  const texts = Object.values<string | undefined>(expressions).join(" ");
  const names = new Set(texts.match(/(?<=#)\w+/g));
  const values = [...new Set(texts.match(/(?<=:)\w+/g))];
  return {
    ...expressions,
    ...(names.size > 0
      ? { ExpressionAttributeNames: Object.fromEntries([...names].map((name) => [`#${name}`, name])) }
      : {}),
    ...(values.length > 0
      ? {
          ExpressionAttributeValues: Object.fromEntries(
            values.map((name, index) => [`:${name}`, valueFor(kindOf(name, texts), draws[index] ?? 0, run, key)]),
          ),
        }
      : {}),
  };
}

/** A lease is set as a whole and compared by its id, a status and a time may be what it was: under one name each. */
function kindOf(name: string, texts: string): string {
  if (name === "was" && texts.includes("#status = :was")) return "status";
  if (name === "kind" && texts.includes("(sk, :kind)")) return "prefix";
  return name !== "lease" || /\blease = :lease/.test(texts) ? name : "id";
}

function keyOf(key: number, run: string): Record<string, unknown> {
  const odd = ODD_KEYS[key - 12];
  return odd?.(run) ?? { pk: `${run}${key % 2}`, sk: SORT_KEYS[key >> 1] };
}

/** An item with about two thirds of the attributes that there are. */
function itemOf(key: number, draws: Draws, run: string): Record<string, unknown> {
  const attributes = PUT.flatMap((name, index) => {
    const draw = draws[index] ?? 0;
    return draw % 3 === 2 ? [] : [[name, valueFor(name, Math.floor(draw / 3), run, key)]];
  });
  return { ...Object.fromEntries(attributes), ...keyOf(key, run) };
}

/** A value for an attribute or a placeholder of that name: mostly one of its kind. */
function valueFor(name: string, draw: number, run: string, key: number): unknown {
  if (name === "pk") return pick(draw, [`${run}0`, `${run}1`, `${run}0`, `${run}1`, 1]);
  if (name === "prefix") return pick(draw, ["TURN#", "SESSION#", "S", "p", "1"]);
  if (name === "one") return pick(draw, [1, 2]);
  if (name === "state" || name === "due") return `${run}${draw % 2}`;
  if (name === "oddState") return pick<unknown>(draw, ["", 1]);
  if (name === "oddTime") return "1";
  // No two items have the same time: the index's order among those is open.
  if (TIMES.test(name)) return pick(draw, [0, 10, 20, 100, -10]) + key;
  if (name === "lease" || name === "map") {
    return pick(draw, [
      { id: "pending", until: 1 },
      { id: "open", until: 1 },
      { id: "pending", until: "1" },
      {},
      "open",
    ]);
  }
  if (name === "undelivered" || name === "discarded")
    return pick<unknown>(draw, [{ at: 10 + key }, { at: 20 + key, arrivedAt: 1 }, {}, "open"]);
  // What is no list is refused before the item is looked at; in an item it may be anything.
  if (LISTS.test(name)) return pick<unknown>(draw, [[], [1], [1, 2]]);
  if (name === "redrivenAt" || name === "attachments") return pick<unknown>(draw, [[], [1], [1, 2], "open"]);
  if (ANYTHING.test(name)) return pick<unknown>(draw, ["open", 1, true, null, [1, { a: "b" }], { id: { id: -0.5 } }]);
  if (NUMBERS.test(name)) return pick<unknown>(draw, [1, 0, 2, 10, -1.5, "1"]);
  // Not U+FFFD beside the emoji: the emulator's conditions order texts by UTF-16, the service by UTF-8 as its keys are.
  return pick<unknown>(draw, ["pending", "open", "pending", "open", "é", "😀", 1]);
}

function pick<Value>(draw: number, values: readonly [Value, ...Value[]]): Value {
  return values[draw % values.length] ?? values[0];
}
