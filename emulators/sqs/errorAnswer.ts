import type { AwsError } from "../AwsError.ts";

/** Codes whose name in the older query protocol has a prefix; the SDK shows it as `error.Code`. */
const PREFIXED = new Set([
  "BatchEntryIdsNotDistinct",
  "BatchRequestTooLong",
  "EmptyBatchRequest",
  "InvalidBatchEntryId",
  "MessageNotInflight",
  "TooManyEntriesInBatchRequest",
  "UnsupportedOperation",
]);

/** An error as SQS writes it: the body, and the value of the `x-amzn-query-error` header. */
export interface ErrorAnswer {
  readonly body: { readonly __type: string; readonly message: string };
  readonly queryError: string;
}

/** Writes an error in SQS's protocol. */
export function errorAnswer(error: AwsError): ErrorAnswer {
  const { code, message } = error;
  return { body: { __type: `com.amazonaws.sqs#${code}`, message }, queryError: queryError(error) };
}

function queryError({ code, status }: AwsError): string {
  const fault = status < 500 ? "Sender" : "Receiver";
  if (code === "QueueDoesNotExist") return `AWS.SimpleQueueService.NonExistentQueue;${fault}`;
  if (code === "QueueNameExists") return `QueueAlreadyExists;${fault}`;
  return `${PREFIXED.has(code) ? "AWS.SimpleQueueService." : ""}${code};${fault}`;
}
