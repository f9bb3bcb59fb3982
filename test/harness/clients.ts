import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { isConditionFailed } from "../../lib/store/updateItem.ts";
import type { CallGate } from "./CallGate.ts";
import type { CapacityMeter } from "./CapacityMeter.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

/** A DynamoDB client whose calls go through `outside` and whose units are counted. */
export function tableClient(endpoint: string, gate?: CallGate, capacity?: CapacityMeter): DynamoDBDocumentClient {
  const client = new DynamoDBClient({ ...LOCAL, endpoint });
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (capacity) Object.assign(args.input, { ReturnConsumedCapacity: "INDEXES" });
      const name = String(context.commandName);
      const call = () => next(args);
      try {
        const result = await (gate ? gate.pass(name, call, args.input) : call());
        capacity?.count(name, result.output);
        return result;
      } catch (error) {
        if (isConditionFailed(error)) capacity?.countRefused();
        throw error;
      }
    },
    { step: "initialize", priority: "low" },
  );
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** An SQS client whose calls go through `outside`. */
export function queueClient(endpoint: string, gate?: CallGate): SQSClient {
  const client = new SQSClient({ ...LOCAL, endpoint });
  client.middlewareStack.add(
    (next, context) => (args) => {
      const call = () => next(args);
      return gate ? gate.pass(String(context.commandName), call) : call();
    },
    { step: "initialize", priority: "low" },
  );
  return client;
}
