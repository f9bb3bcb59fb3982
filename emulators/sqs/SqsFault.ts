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

/** An answer that SQS gives to a request it cannot fulfil: code and text are those of AWS. */
export class SqsFault extends Error {
  override readonly name = "SqsFault";
  readonly code: string;
  readonly status: number;

  /** `status` is the HTTP status. */
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }

  /** The body of the HTTP answer. */
  body(): { __type: string; message: string } {
    return { __type: `com.amazonaws.sqs#${this.code}`, message: this.message };
  }

  /** The value of the `x-amzn-query-error` header. */
  queryError(): string {
    const fault = this.status < 500 ? "Sender" : "Receiver";
    if (this.code === "QueueDoesNotExist") return `AWS.SimpleQueueService.NonExistentQueue;${fault}`;
    if (this.code === "QueueNameExists") return `QueueAlreadyExists;${fault}`;
    return `${PREFIXED.has(this.code) ? "AWS.SimpleQueueService." : ""}${this.code};${fault}`;
  }
}
