import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { CallGate } from "../../test/harness/CallGate.ts";
import { fulfils } from "../simulation/aws/expressions.ts";
import type { ModelQueue } from "../simulation/aws/ModelQueue.ts";
import type { ModelTable } from "../simulation/aws/ModelTable.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "none", secretAccessKey: "none" } };

const documents = DynamoDBDocumentClient.from(new DynamoDBClient(LOCAL));

const queues = new SQSClient(LOCAL);

/** A table client whose calls go to the model, through `outside`. */
export function tableClient(table: ModelTable, gate?: CallGate): DynamoDBDocumentClient {
  return Object.assign(Object.create(documents), {
    send: (command: object) =>
      pass(gate, command, async () => (command instanceof ScanCommand ? scan(table, command) : table.execute(command))),
  });
}

/** A queue client whose calls go to the model of the queue that they name, through `outside`. */
export function queueClient(find: (url: string) => ModelQueue, gate?: CallGate): SQSClient {
  return Object.assign(Object.create(queues), {
    send: (command: object & { input: { QueueUrl?: string } }) =>
      pass(gate, command, async () => {
        if (!(command instanceof StartMessageMoveTaskCommand))
          return execute(find(command.input.QueueUrl ?? ""), command);
        const { SourceArn = "", DestinationArn = "" } = command.input;
        return find(SourceArn).moveTo(find(DestinationArn));
      }),
  });
}

function pass<Result>(gate: CallGate | undefined, command: object, call: () => Promise<Result>): Promise<Result> {
  // The document client's commands are named after the plain client's.
  const name = command.constructor.name.replace(
    /^(BatchGet|BatchWrite|Get|Put|Update|Delete)Command$/,
    "$1ItemCommand",
  );
  return gate ? gate.pass(name, call) : call();
}

function scan(table: ModelTable, { input }: ScanCommand) {
  const given = { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} };
  const filter = input.FilterExpression;
  const items = [...table.items()].sort((a, b) => (`${a.pk} ${a.sk}` < `${b.pk} ${b.sk}` ? -1 : 1));
  return { Items: items.filter((item) => filter === undefined || fulfils(filter, item, given)) };
}

function execute(queue: ModelQueue, command: object) {
  if (command instanceof SendMessageCommand) {
    const { MessageBody = "", MessageGroupId = "", MessageDeduplicationId } = command.input;
    return queue.send(MessageBody, MessageGroupId, MessageDeduplicationId);
  }
  if (command instanceof PurgeQueueCommand) return queue.purge();
  if (command instanceof DeleteMessageBatchCommand) {
    for (const { ReceiptHandle = "" } of command.input.Entries ?? []) queue.delete(ReceiptHandle);
    return {};
  }
  if (command instanceof GetQueueAttributesCommand) {
    const { Attributes } = queue.execute(command);
    return { Attributes: Object.assign({ QueueArn: command.input.QueueUrl }, Attributes) };
  }
  if (!(command instanceof ReceiveMessageCommand)) return queue.execute(command);
  const { MaxNumberOfMessages = 1, VisibilityTimeout } = command.input;
  return {
    Messages: queue.receive(MaxNumberOfMessages, VisibilityTimeout).map((message) => ({
      MessageId: message.id,
      Body: message.body,
      ReceiptHandle: message.receipt,
      Attributes: {
        ApproximateReceiveCount: String(message.count),
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
        SentTimestamp: String(message.sentAt),
        ...(message.group === "" ? {} : { MessageGroupId: message.group }),
      },
    })),
  };
}
