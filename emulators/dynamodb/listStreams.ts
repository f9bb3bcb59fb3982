import type { Spec } from "./dynalite.ts";
import type { Engine } from "./engine.ts";
import { validate } from "./validate.ts";

const spec: Spec = {
  types: {
    TableName: { type: "String", lengthGreaterThanOrEqual: 3, lengthLessThanOrEqual: 255, regex: "[a-zA-Z0-9_.-]+" },
    Limit: { type: "Integer", greaterThanOrEqual: 1, lessThanOrEqual: 100 },
    ExclusiveStartStreamArn: { type: "String", lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1024 },
  },
};

interface Request {
  TableName?: string;
  Limit?: number;
  ExclusiveStartStreamArn?: string;
}

/** Lists the streams of a table, or of all. */
export async function listStreams(engine: Engine, body: unknown): Promise<object> {
  const { TableName, Limit = 100, ExclusiveStartStreamArn: start = "" } = validate<Request>(spec, body);
  const all = [...engine.streams.values()]
    .filter(({ arn, table }) => arn > start && (TableName === undefined || table === TableName))
    .sort((one, other) => (one.arn < other.arn ? -1 : 1));
  const page = all.slice(0, Limit);
  return {
    Streams: page.map(({ arn, label, table }) => ({ StreamArn: arn, StreamLabel: label, TableName: table })),
    ...(page.length < all.length && { LastEvaluatedStreamArn: page.at(-1)?.arn }),
  };
}
