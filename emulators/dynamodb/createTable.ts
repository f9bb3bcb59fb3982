import { type BatchOperation, loadAction, loadSpec, type Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { keys } from "./keys.ts";
import { openStream } from "./openStream.ts";
import type { StreamSpecification } from "./table.ts";
import { runTableAction } from "./tableAction.ts";
import { validate } from "./validate.ts";
import { writeBatch } from "./writeBatch.ts";

const action = loadAction("createTable");

const dynaliteSpec = loadSpec("createTable");

const spec: Spec = {
  ...dynaliteSpec,
  types: {
    ...dynaliteSpec.types,
    StreamSpecification: {
      type: "FieldStruct<StreamSpecification>",
      children: {
        StreamEnabled: { type: "Boolean", notNull: true },
        StreamViewType: { type: "String", enum: ["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"] },
      },
    },
  },
};

/** Makes a table, which is ready at once, and its stream. */
export function createTable(engine: Engine, body: unknown): Promise<object> {
  const { StreamSpecification, ...data } = validate<{ StreamSpecification?: StreamSpecification }>(spec, body);
  return engine.alone(async () => {
    const { answer, table } = await runTableAction(engine, action, data);
    const batch: BatchOperation[] = [];
    const stream = StreamSpecification?.StreamEnabled ? openStream(table, StreamSpecification) : undefined;
    if (stream) {
      Object.assign(table, stream.description);
      Object.assign(answer.TableDescription, stream.description);
      batch.push({ type: "put", key: keys.stream(stream.stream.arn), value: stream.stream });
    }
    await writeBatch(engine, [...batch, { type: "put", key: keys.table(table.TableName), value: table }]);
    if (stream) engine.streams.set(stream.stream.arn, stream.stream);
    engine.tables.set(table.TableName, table);
    return answer;
  });
}
