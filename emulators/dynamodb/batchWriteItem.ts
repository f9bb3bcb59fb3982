import { AwsError } from "../AwsError.ts";
import { commit } from "./commit.ts";
import { consumedCapacity, type Detail } from "./consumedCapacity.ts";
import { createStage } from "./createStage.ts";
import { loadAction, loadSpec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { validate } from "./validate.ts";
import { writeUsage } from "./writeUsage.ts";

const spec = loadSpec("batchWriteItem");

const action = loadAction("batchWriteItem");

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html */
const MAX_REQUESTS = 25;

interface Request {
  RequestItems: Record<string, object[]>;
  ReturnConsumedCapacity?: Detail;
}

/** Puts and deletes up to 25 items; here all of them in one go, and never any left over. */
export function batchWriteItem(engine: Engine, body: unknown): Promise<object> {
  const { ReturnConsumedCapacity: detail, ...data } = validate<Request>(spec, body);
  if (Object.values(data.RequestItems).flat().length > MAX_REQUESTS) {
    throw new AwsError("ValidationException", "Too many items requested for the BatchWriteItem call");
  }
  return engine.alone(async () => {
    const stage = createStage(engine);
    const answer = await stage.run(action, data);
    await commit(engine, stage.changes);
    return { ...answer, ConsumedCapacity: consumedCapacity(() => writeUsage(stage.changes), detail) };
  });
}
