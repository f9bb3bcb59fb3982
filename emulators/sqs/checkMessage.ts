import { AwsError } from "../AwsError.ts";
import { messageSize } from "./messageSize.ts";
import type { Queue } from "./Queue.ts";
import type { Request } from "./requests.ts";

/** Characters of a body; fauxqs also refuses those above U+FFFF, such as emoji, which AWS takes. */
const BODY = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Message group and deduplication ids: letters, digits and ASCII punctuation. */
const ID = /^[\x21-\x7e]{1,128}$/;

/** A message as a send gives it. */
export type MessageInput = Omit<Request<"SendMessage">, "QueueUrl">;

/** Refuses what AWS would refuse of a message for this queue. @throws AwsError */
export function checkMessage(queue: Queue, input: MessageInput): void {
  const invalid = (message: string) => new AwsError("InvalidParameterValue", message);
  const value = (name: keyof MessageInput, reason: string) =>
    invalid(`Value ${input[name]} for parameter ${name} is invalid. Reason: ${reason}.`);
  const wrongType = "The request include parameter that is not valid for this queue type";

  if (input.MessageBody === "") {
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageBody.");
  }
  if (!BODY.test(input.MessageBody)) {
    const valid = "#x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF";
    throw new AwsError("InvalidMessageContents", `Invalid characters found. Valid unicode characters are ${valid}`);
  }
  const limit = Number(queue.attributes.MaximumMessageSize);
  if (messageSize(input) > limit) {
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
  checkAttributes(input);
  const delay = input.DelaySeconds ?? 0;
  if (delay < 0 || delay > 900) throw value("DelaySeconds", "DelaySeconds must be >= 0 and <= 900");
  for (const name of ["MessageGroupId", "MessageDeduplicationId"] as const) {
    if (input[name] !== undefined && !ID.test(input[name])) {
      const allowed = "alphanumeric and punctuation characters and must be 1 to 128 in length";
      throw value(name, `${name} can only include ${allowed}`);
    }
  }
  if (!queue.isFifo()) {
    if (input.MessageDeduplicationId !== undefined) throw value("MessageDeduplicationId", wrongType);
    return;
  }
  if (delay !== 0) throw value("DelaySeconds", wrongType);
  if (input.MessageGroupId === undefined) {
    throw new AwsError("MissingParameter", "The request must contain the parameter MessageGroupId.");
  }
  if (input.MessageDeduplicationId === undefined && queue.attributes.ContentBasedDeduplication !== "true") {
    throw invalid(
      "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
    );
  }
}

function checkAttributes(input: MessageInput): void {
  const entries = Object.entries(input.MessageAttributes);
  if (entries.length > 10) {
    const message = `Number of message attributes [${entries.length}] exceeds the allowed maximum [10].`;
    throw new AwsError("InvalidParameterValue", message);
  }
  for (const [name, { DataType, StringValue, BinaryValue }] of entries) {
    const type = /^(String|Number|Binary)(\..+)?$/.exec(DataType)?.[1];
    if (!type) {
      const message = `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`;
      throw new AwsError("InvalidParameterValue", message);
    }
    if (!(type === "Binary" ? BinaryValue : StringValue)) {
      const message = `The message (user) attribute '${name}' must contain a non-empty message attribute value for message attribute type '${type}'.`;
      throw new AwsError("InvalidParameterValue", message);
    }
  }
}
