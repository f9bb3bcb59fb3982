import * as v from "valibot";
import { AwsError } from "../AwsError.ts";

const text = v.string();

const maybeText = v.optional(text);

const integer = v.pipe(v.number(), v.safeInteger());

const maybeInteger = v.optional(integer);

const names = v.optional(v.array(text), []);

const attributes = v.optional(v.record(text, text));

const message = {
  MessageBody: text,
  DelaySeconds: maybeInteger,
  MessageAttributes: v.optional(
    v.record(text, v.object({ DataType: text, StringValue: maybeText, BinaryValue: maybeText })),
    {},
  ),
  MessageGroupId: maybeText,
  MessageDeduplicationId: maybeText,
};

const queue = { QueueUrl: text };

const held = { ReceiptHandle: text };

const entries = <T extends v.ObjectEntries>(shape: T) => ({
  Entries: v.optional(v.array(v.object({ Id: text, ...shape })), []),
});

const schemas = {
  CreateQueue: v.object({ QueueName: text, Attributes: attributes, tags: attributes }),
  DeleteQueue: v.object(queue),
  GetQueueUrl: v.object({ QueueName: text }),
  ListQueues: v.object({ QueueNamePrefix: maybeText, MaxResults: maybeInteger, NextToken: maybeText }),
  GetQueueAttributes: v.object({ ...queue, AttributeNames: v.optional(v.array(text)) }),
  SetQueueAttributes: v.object({ ...queue, Attributes: v.record(text, text) }),
  PurgeQueue: v.object(queue),
  SendMessage: v.object({ ...queue, ...message }),
  SendMessageBatch: v.object({ ...queue, ...entries(message) }),
  ReceiveMessage: v.object({
    ...queue,
    MaxNumberOfMessages: v.optional(integer, 1),
    VisibilityTimeout: maybeInteger,
    WaitTimeSeconds: maybeInteger,
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
  }),
  DeleteMessage: v.object({ ...queue, ...held }),
  DeleteMessageBatch: v.object({ ...queue, ...entries(held) }),
  ChangeMessageVisibility: v.object({ ...queue, ...held, VisibilityTimeout: integer }),
  ChangeMessageVisibilityBatch: v.object({
    ...queue,
    ...entries({ ...held, VisibilityTimeout: integer }),
  }),
  TagQueue: v.object({ ...queue, Tags: v.record(text, text) }),
  UntagQueue: v.object({ ...queue, TagKeys: v.array(text) }),
  ListQueueTags: v.object(queue),
  ListDeadLetterSourceQueues: v.object({ ...queue, MaxResults: maybeInteger, NextToken: maybeText }),
  StartMessageMoveTask: v.object({
    SourceArn: text,
    DestinationArn: maybeText,
    MaxNumberOfMessagesPerSecond: v.optional(integer),
  }),
  ListMessageMoveTasks: v.object({ SourceArn: text, MaxResults: maybeInteger }),
  CancelMessageMoveTask: v.object({ TaskHandle: text }),
};

/** The actions of the API that the emulator has. */
export type Action = keyof typeof schemas;

/** The parsed body of an action's request. */
export type Request<A extends Action> = v.InferOutput<(typeof schemas)[A]>;

/** Whether the emulator has an action of this name. */
export function isAction(name: string): name is Action {
  return Object.hasOwn(schemas, name);
}

/** Parses a request body; what does not fit is answered as AWS does. @throws AwsError */
export function parseRequest<A extends Action>(action: A, body: unknown): Request<A> {
  const table: { [B in Action]: v.GenericSchema<unknown, Request<B>> } = schemas;
  const schema: v.GenericSchema<unknown, Request<A>> = table[action];
  const result = v.safeParse(v.pipe(v.custom(isFields), schema), body);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? "";
  if (path !== "" && issue.input === undefined) {
    throw new AwsError("MissingParameter", `The request must contain the parameter ${path}.`);
  }
  throw new AwsError("SerializationException", `The value of ${path || "the request"} has the wrong type.`);
}

/** No list and no null, which valibot's objects would take for one without fields. */
function isFields(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
