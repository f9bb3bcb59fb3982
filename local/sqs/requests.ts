import * as z from "zod/mini";
import { SqsFault } from "./SqsFault.ts";

const text = z.string();
const maybeText = z.optional(text);
const maybeInteger = z.optional(z.int());
const names = z._default(z.array(text), []);
const attributes = z.optional(z.record(text, text));

const message = {
  MessageBody: text,
  DelaySeconds: maybeInteger,
  MessageAttributes: z._default(
    z.record(text, z.object({ DataType: text, StringValue: maybeText, BinaryValue: maybeText })),
    {},
  ),
  MessageGroupId: maybeText,
  MessageDeduplicationId: maybeText,
};
const queue = { QueueUrl: text };
const held = { ReceiptHandle: text };
const entries = <T extends z.core.$ZodShape>(shape: T) => ({
  Entries: z._default(z.array(z.object({ Id: text, ...shape })), []),
});

const schemas = {
  CreateQueue: z.object({ QueueName: text, Attributes: attributes, tags: attributes }),
  DeleteQueue: z.object(queue),
  GetQueueUrl: z.object({ QueueName: text }),
  ListQueues: z.object({ QueueNamePrefix: maybeText, MaxResults: maybeInteger, NextToken: maybeText }),
  GetQueueAttributes: z.object({ ...queue, AttributeNames: z.optional(z.array(text)) }),
  SetQueueAttributes: z.object({ ...queue, Attributes: z.record(text, text) }),
  PurgeQueue: z.object(queue),
  SendMessage: z.object({ ...queue, ...message }),
  SendMessageBatch: z.object({ ...queue, ...entries(message) }),
  ReceiveMessage: z.object({
    ...queue,
    MaxNumberOfMessages: z._default(z.int(), 1),
    VisibilityTimeout: maybeInteger,
    WaitTimeSeconds: maybeInteger,
    AttributeNames: names,
    MessageSystemAttributeNames: names,
    MessageAttributeNames: names,
  }),
  DeleteMessage: z.object({ ...queue, ...held }),
  DeleteMessageBatch: z.object({ ...queue, ...entries(held) }),
  ChangeMessageVisibility: z.object({ ...queue, ...held, VisibilityTimeout: z.int() }),
  ChangeMessageVisibilityBatch: z.object({ ...queue, ...entries({ ...held, VisibilityTimeout: z.int() }) }),
  TagQueue: z.object({ ...queue, Tags: z.record(text, text) }),
  UntagQueue: z.object({ ...queue, TagKeys: z.array(text) }),
  ListQueueTags: z.object(queue),
  ListDeadLetterSourceQueues: z.object({ ...queue, MaxResults: maybeInteger, NextToken: maybeText }),
  StartMessageMoveTask: z.object({
    SourceArn: text,
    DestinationArn: maybeText,
    MaxNumberOfMessagesPerSecond: z.optional(z.int()),
  }),
  ListMessageMoveTasks: z.object({ SourceArn: text, MaxResults: maybeInteger }),
  CancelMessageMoveTask: z.object({ TaskHandle: text }),
};

/** The actions of the API that the emulator has. */
export type Action = keyof typeof schemas;

/** The parsed body of an action's request. */
export type Request<A extends Action> = z.infer<(typeof schemas)[A]>;

/** Whether the emulator has an action of this name. */
export function isAction(name: string): name is Action {
  return Object.hasOwn(schemas, name);
}

/** Parses a request body; what does not fit is answered as AWS does. @throws SqsFault */
export function parseRequest<A extends Action>(action: A, body: unknown): Request<A> {
  const table: { [B in Action]: z.core.$ZodType<Request<B>> } = schemas;
  const schema: z.core.$ZodType<Request<A>> = table[action];
  const result = z.safeParse(schema, body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const path = issue?.path.join(".") ?? "";
  if (issue?.code === "invalid_type" && path !== "" && valueAt(body, issue.path) === undefined) {
    throw new SqsFault("MissingParameter", `The request must contain the parameter ${path}.`);
  }
  throw new SqsFault("SerializationException", `The value of ${path || "the request"} has the wrong type.`);
}

function valueAt(body: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value instanceof Object ? Reflect.get(value, key) : undefined), body);
}
