import { AwsError } from "../AwsError.ts";
import { commit } from "./commit.ts";
import { consumedCapacity } from "./consumedCapacity.ts";
import { createStage, type Stage } from "./createStage.ts";
import { loadAction } from "./dynalite.ts";
import { errorAnswer } from "./errorAnswer.ts";
import type { Operation } from "./operation.ts";
import { orderRemovals } from "./orderRemovals.ts";
import { validate } from "./validate.ts";
import { type WriteRequest, writeSpec } from "./writeRequest.ts";
import { writeUsage } from "./writeUsage.ts";

/** PutItem, UpdateItem or DeleteItem. */
export function writeItem(name: "putItem" | "updateItem" | "deleteItem"): Operation {
  const spec = writeSpec(name);
  const action = loadAction(name);
  return (engine, body) => {
    const request = validate<WriteRequest>(spec, body);
    const { ReturnConsumedCapacity: detail, ...data } = request;
    orderRemovals(data._updates);
    return engine.alone(async () => {
      const stage = createStage(engine);
      const answer = await stage.run(action, data).catch((error) => {
        throw explain(error, request, stage);
      });
      await commit(engine, stage.changes);
      return { ...answer, ConsumedCapacity: consumedCapacity(() => writeUsage(stage.changes), detail)?.[0] };
    });
  };
}

/** A failed condition with the item that failed it, if wanted, and with what it cost: the service bills it too. */
function explain(error: unknown, request: WriteRequest, stage: Stage): unknown {
  const answer = errorAnswer(error);
  const read = stage.reads.at(-1);
  if (!answer || !read || !String(answer.body.__type).endsWith("ConditionalCheckFailedException")) return error;
  const usage = writeUsage([{ table: read.table, key: "", before: read.item, after: read.item }]);
  const tried = writeUsage([{ table: read.table, key: "", before: undefined, after: request.Item }]);
  for (const [table, { table: units }] of tried) {
    const known = usage.get(table);
    if (known) known.table = Math.max(known.table, units);
  }
  const wanted = request.ReturnValuesOnConditionCheckFailure === "ALL_OLD" && read.item;
  return new AwsError("ConditionalCheckFailedException", "The conditional request failed", {
    more: {
      ...(wanted && { Item: read.item }),
      ConsumedCapacity: consumedCapacity(() => usage, request.ReturnConsumedCapacity)?.[0],
    },
  });
}
