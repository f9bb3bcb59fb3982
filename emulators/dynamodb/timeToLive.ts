import { AwsError } from "../AwsError.ts";
import type { BatchOperation, Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { expiryOf } from "./expiryOf.ts";
import type { Item } from "./item.ts";
import { allUnder, keys } from "./keys.ts";
import { noTable } from "./tableAction.ts";
import { validate } from "./validate.ts";
import { writeBatch } from "./writeBatch.ts";

const TABLE_NAME = {
  type: "String",
  notNull: true,
  regex: "[a-zA-Z0-9_.-]+",
  lengthGreaterThanOrEqual: 3,
  lengthLessThanOrEqual: 255,
};

const updateSpec: Spec = {
  types: {
    TableName: TABLE_NAME,
    TimeToLiveSpecification: {
      type: "FieldStruct<TimeToLiveSpecification>",
      notNull: true,
      children: {
        Enabled: { type: "Boolean", notNull: true },
        AttributeName: { type: "String", notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 255 },
      },
    },
  },
};

const describeSpec: Spec = { types: { TableName: TABLE_NAME } };

interface UpdateRequest {
  TableName: string;
  TimeToLiveSpecification: { Enabled: boolean; AttributeName: string };
}

/** Turns the expiry of a table's items on or off; at once, where the service takes up to an hour. */
export function updateTimeToLive(engine: Engine, body: unknown): Promise<object> {
  const { TableName: name, TimeToLiveSpecification: wanted } = validate<UpdateRequest>(updateSpec, body);
  return engine.alone(async () => {
    if (!engine.tables.has(name)) throw noTable(name);
    const current = engine.timeToLive.get(name);
    const wrong = problem(current, wanted);
    if (wrong) throw new AwsError("ValidationException", wrong);
    await writeBatch(
      engine,
      wanted.Enabled ? await start(engine, name, wanted.AttributeName) : await stop(engine, name),
    );
    if (wanted.Enabled) engine.timeToLive.set(name, wanted.AttributeName);
    else engine.timeToLive.delete(name);
    return { TimeToLiveSpecification: wanted };
  });
}

/** Tells whether a table's items expire, and by which attribute. */
export async function describeTimeToLive(engine: Engine, body: unknown): Promise<object> {
  const { TableName: name } = validate<{ TableName: string }>(describeSpec, body);
  if (!engine.tables.has(name)) throw noTable(name);
  const attribute = engine.timeToLive.get(name);
  return {
    TimeToLiveDescription:
      attribute === undefined
        ? { TimeToLiveStatus: "DISABLED" }
        : { TimeToLiveStatus: "ENABLED", AttributeName: attribute },
  };
}

function problem(current: string | undefined, wanted: UpdateRequest["TimeToLiveSpecification"]): string | undefined {
  if (current === undefined) return wanted.Enabled ? undefined : "TimeToLive is already disabled";
  if (current !== wanted.AttributeName) {
    return `TimeToLive is active on a different AttributeName: current AttributeName is ${current}`;
  }
  return wanted.Enabled ? "TimeToLive is already enabled" : undefined;
}

/** Items that are there already expire too. */
async function start(engine: Engine, table: string, attribute: string): Promise<BatchOperation[]> {
  const batch: BatchOperation[] = [{ type: "put", key: keys.timeToLive(table), value: attribute }];
  for await (const [path, item] of engine.db.iterator<Item>(allUnder(keys.item(table)))) {
    const key = path.slice(keys.item(table).length);
    const seconds = expiryOf(item, attribute);
    if (seconds !== undefined) batch.push({ type: "put", key: keys.expiry(table, seconds, key), value: key });
  }
  return batch;
}

async function stop(engine: Engine, table: string): Promise<BatchOperation[]> {
  const batch: BatchOperation[] = [{ type: "del", key: keys.timeToLive(table) }];
  for await (const key of engine.db.keys(allUnder(keys.expiry(table)))) batch.push({ type: "del", key });
  return batch;
}
