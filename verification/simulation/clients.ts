import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { ModelQueue } from "./aws/ModelQueue.ts";
import type { ModelTable } from "./aws/ModelTable.ts";
import type { Invocation } from "./Invocation.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "none", secretAccessKey: "none" } };

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(LOCAL));

const queues = new SQSClient(LOCAL);

/** The SDK's table client as an invocation sees it: a real one whose `send` goes to the model. */
export function tableClient(table: ModelTable, invocation: Invocation): DynamoDBDocumentClient {
  return Object.assign(Object.create(documents), {
    send: (command: object) => invocation.call(command.constructor.name, "table", () => table.execute(command)),
  });
}

/** The SDK's queue client as an invocation sees it. */
export function queueClient(queue: ModelQueue, invocation: Invocation): SQSClient {
  return Object.assign(Object.create(queues), {
    send: (command: object) => invocation.call(command.constructor.name, "queue", () => queue.execute(command)),
  });
}
