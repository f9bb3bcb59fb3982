import { consumedCapacity, type Detail } from "./consumedCapacity.ts";
import { createStage } from "./createStage.ts";
import { loadAction, loadSpec, type Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import type { Item } from "./item.ts";
import { itemSize } from "./itemSize.ts";
import { readUnits } from "./readUnits.ts";
import { type CancellationReason, cancelUnlessAllWell, reasonOf, refuseDuplicates } from "./transaction.ts";
import { tableUsage, type Usage } from "./usage.ts";
import { validate } from "./validate.ts";

const getSpec = loadSpec("getItem");

const getItem = loadAction("getItem");

const spec: Spec = {
  types: {
    TransactItems: {
      type: "List",
      notNull: true,
      lengthGreaterThanOrEqual: 1,
      lengthLessThanOrEqual: 100,
      children: {
        type: "ValueStruct<TransactGetItem>",
        children: { Get: { type: "FieldStruct<Get>", notNull: true, children: getSpec.types } },
      },
    },
    ReturnConsumedCapacity: { type: "String", enum: ["INDEXES", "TOTAL", "NONE"] },
  },
};

interface Get {
  TableName: string;
  Key: Item;
}

interface Request {
  TransactItems: ({ Get: Get } | null)[];
  ReturnConsumedCapacity?: Detail;
}

/** Reads up to 100 items as they are at one moment. */
export function transactGetItems(engine: Engine, body: unknown): Promise<object> {
  const { TransactItems, ReturnConsumedCapacity: detail } = validate<Request>(spec, body);
  const gets = TransactItems.map((item) => validate<Get>(getSpec, item?.Get ?? {}));
  refuseDuplicates(
    engine,
    gets.map(({ TableName, Key }) => ({ TableName, key: Key })),
  );
  return engine.alone(async () => {
    const stage = createStage(engine);
    const reasons: CancellationReason[] = [];
    const responses: { Item?: Item }[] = [];
    for (const get of gets) {
      const outcome = await stage.run<{ Item?: Item }>(getItem, get).catch(reasonOf);
      const failed = "Code" in outcome;
      reasons.push(failed ? outcome : { Code: "None" });
      responses.push(failed || !outcome.Item ? {} : { Item: outcome.Item });
    }
    cancelUnlessAllWell(reasons);
    const usages = new Map<string, Usage>();
    for (const { table, item } of stage.reads) {
      const units = (usages.get(table.TableName)?.table ?? 0) + 2 * readUnits(itemSize(item), true);
      usages.set(table.TableName, tableUsage(units));
    }
    return { Responses: responses, ConsumedCapacity: consumedCapacity(usages, detail, "ReadCapacityUnits") };
  });
}
