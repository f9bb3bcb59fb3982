import { type BatchOperation, loadAction, loadSpec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { keys } from "./keys.ts";
import { openStream } from "./openStream.ts";
import { ServiceError } from "./ServiceError.ts";
import type { StreamSpecification, Table } from "./table.ts";
import { noTable, runTableAction } from "./tableAction.ts";
import { validate } from "./validate.ts";
import { writeBatch } from "./writeBatch.ts";

const action = loadAction("updateTable");

const spec = loadSpec("updateTable");

const streamSpec = {
  types: {
    TableName: { type: "String", required: true, tableName: true, regex: "[a-zA-Z0-9_.-]+" },
    StreamSpecification: {
      type: "FieldStruct<StreamSpecification>",
      children: {
        StreamEnabled: { type: "Boolean", notNull: true },
        StreamViewType: { type: "String", enum: ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"] },
      },
    },
    GlobalSecondaryIndexUpdates: { type: "List", children: { type: "ValueStruct<Update>", children: {} } },
  },
};

interface Request {
  TableName: string;
  StreamSpecification?: StreamSpecification;
  GlobalSecondaryIndexUpdates?: object[];
}

/** Changes the billing or the stream of a table; not its indexes, which dynalite would silently leave as they are. */
export function updateTable(engine: Engine, body: unknown): Promise<object> {
  const request = validate<Request>(streamSpec, structuredClone(body));
  if (request.GlobalSecondaryIndexUpdates) {
    throw new ServiceError(
      "ValidationException",
      "Here indexes cannot be changed: delete the table and create it anew",
    );
  }
  return request.StreamSpecification
    ? updateStream(engine, request.TableName, request.StreamSpecification)
    : updateBilling(engine, body);
}

function updateBilling(engine: Engine, body: unknown): Promise<object> {
  const data = validate(spec, body);
  return engine.alone(async () => {
    const { answer, table } = await runTableAction(engine, action, data);
    await writeBatch(engine, [{ type: "put", key: keys.table(table.TableName), value: table }]);
    engine.tables.set(table.TableName, table);
    return answer;
  });
}

function updateStream(engine: Engine, name: string, specification: StreamSpecification): Promise<object> {
  return engine.alone(async () => {
    const table = engine.tables.get(name);
    if (!table) throw noTable(name);
    const current = engine.streams.get(table.LatestStreamArn ?? "");
    if (specification.StreamEnabled === (current?.enabled ?? false)) {
      const state = current?.enabled ? "already has an enabled" : "has no enabled";
      throw new ServiceError("ValidationException", `Table ${state} stream: TableName: ${name}`);
    }
    const opened = specification.StreamEnabled ? openStream(engine, table, specification) : undefined;
    const { StreamSpecification: _ended, ...rest } = table;
    const changed: Table = opened ? { ...rest, ...opened.description } : rest;
    // A stream that has ended stays to be read until its records are forgotten.
    const stream = opened?.stream ?? (current && { ...current, enabled: false });
    const batch: BatchOperation[] = [{ type: "put", key: keys.table(name), value: changed }];
    if (stream) batch.push({ type: "put", key: keys.stream(stream.arn), value: stream });
    await writeBatch(engine, batch);
    engine.tables.set(name, changed);
    if (stream) engine.streams.set(stream.arn, stream);
    return { TableDescription: { ...changed, TableStatus: "UPDATING" } };
  });
}
