import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isConditionFailed } from "../../lib/runtime/isConditionFailed.ts";
import type { Outside } from "./Outside.ts";
import type { Units } from "./Units.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

/** A DynamoDB client whose calls go through `outside` and whose units are counted. */
export function tableClient(endpoint: string, outside?: Outside, units?: Units): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ ...LOCAL, endpoint });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (units) Object.assign(args.input, { ReturnConsumedCapacity: "INDEXES" });
      const name = String(context.commandName);
      const call = () => next(args);
      try {
        const result = await (outside ? outside.pass(name, call, args.input) : call());
        units?.count(name, result.output);
        return result;
      } catch (error) {
        if (isConditionFailed(error)) units?.countRefused();
        throw error;
      }
    },
    { step: "initialize", priority: "low" },
  );
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** An SQS client whose calls go through `outside`. */
export function queueClient(endpoint: string, outside?: Outside): SQSClient {
  const client = new SQSClient({ ...LOCAL, endpoint });
  client.middlewareStack.add(
    (next, context) => (args) => {
      const call = () => next(args);
      return outside ? outside.pass(String(context.commandName), call) : call();
    },
    { step: "initialize", priority: "low" },
  );
  return client;
}
