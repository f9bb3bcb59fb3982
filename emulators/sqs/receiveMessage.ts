import { AwsError } from "../AwsError.ts";
import { fauxqs, type Inflight, type Message, type MessageAttribute } from "./fauxqs.ts";
import type { Queue } from "./Queue.ts";
import type { Request } from "./requests.ts";
import type { Store } from "./Store.ts";

/** A message as the API hands it out. */
export interface Received {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, MessageAttribute>;
  MD5OfMessageAttributes?: string;
}

/** Who waits for messages. */
export interface Receiver {
  /** Whether nobody waits any more: a message given to a closed connection would stay hidden for its whole visibility timeout. */
  gone(): boolean;
  /** The longest that it may wait, milliseconds. */
  readonly longestWait: number;
}

/** Hands out messages, waiting for the first one in real time. @throws AwsError */
export async function receiveMessage(
  store: Store,
  queue: Queue,
  request: Request<"ReceiveMessage">,
  { gone, longestWait }: Receiver,
): Promise<{ Messages?: Received[] }> {
  const wait = request.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
  checkRange("MaxNumberOfMessages", request.MaxNumberOfMessages, 1, 10);
  checkRange("VisibilityTimeout", request.VisibilityTimeout ?? 0, 0, 43_200);
  checkRange("WaitTimeSeconds", wait, 0, 20);
  // Not Date: a test that moves the clock must not cut a wait short.
  const end = performance.now() + Math.min(wait * 1000, longestWait);
  for (;;) {
    if (gone()) return {};
    if (store.getQueue(queue.url) !== queue) {
      throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    }
    const taken = store.atomically(() =>
      queue.receive(request.MaxNumberOfMessages, request.VisibilityTimeout, (arn) => store.getQueueByArn(arn)),
    );
    if (taken.length > 0) return { Messages: taken.map((entry) => received(entry, request)) };
    const left = end - performance.now();
    if (left <= 0) return {};
    await queue.waitForMessages(left / 1000);
  }
}

function checkRange(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  const message = `Value ${value} for parameter ${name} is invalid. Reason: Must be between ${min} and ${max}, if provided.`;
  throw new AwsError("InvalidParameterValue", message);
}

function received({ message, receiptHandle }: Inflight, request: Request<"ReceiveMessage">): Received {
  const system = [...request.AttributeNames, ...request.MessageSystemAttributeNames];
  const attributes = Object.entries(systemAttributes(message)).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && (system.includes("All") || system.includes(entry[0])),
  );
  const wanted = request.MessageAttributeNames;
  const own = Object.entries(message.messageAttributes).filter(([name]) => wanted.some((one) => matches(name, one)));
  const messageAttributes = Object.fromEntries(own);
  return {
    MessageId: message.messageId,
    ReceiptHandle: receiptHandle,
    Body: message.body,
    MD5OfBody: message.md5OfBody,
    ...(attributes.length > 0 && { Attributes: Object.fromEntries(attributes) }),
    ...(own.length > 0 && {
      MessageAttributes: messageAttributes,
      MD5OfMessageAttributes: fauxqs.md5OfMessageAttributes(messageAttributes),
    }),
  };
}

function systemAttributes(message: Message): Record<string, string | undefined> {
  return {
    SenderId: "000000000000",
    SentTimestamp: String(message.sentTimestamp),
    ApproximateReceiveCount: String(message.approximateReceiveCount),
    ApproximateFirstReceiveTimestamp: String(message.approximateFirstReceiveTimestamp),
    MessageGroupId: message.messageGroupId,
    MessageDeduplicationId: message.messageDeduplicationId,
    SequenceNumber: message.sequenceNumber,
    DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  };
}

// "All", ".*", "name" or "prefix.*".
function matches(name: string, wanted: string): boolean {
  if (wanted === "All" || wanted === ".*" || wanted === name) return true;
  return wanted.endsWith(".*") && name.startsWith(wanted.slice(0, -1));
}
