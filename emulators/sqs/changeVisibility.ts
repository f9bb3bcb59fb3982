import { AwsError } from "../AwsError.ts";
import type { Queue } from "./Queue.ts";
import { receiptHandle } from "./receiptHandle.ts";

/** AWS: 12 hours in all, from the receive. */
const MAX_SECONDS = 43_200;

/** Sets in how many seconds from now a message in flight shows again. @throws AwsError */
export function changeVisibility(queue: Queue, handle: string, seconds: number): void {
  const invalid = (reason: string) =>
    new AwsError(
      "InvalidParameterValue",
      `Value ${seconds} for parameter VisibilityTimeout is invalid. Reason: ${reason}.`,
    );
  if (seconds < 0 || seconds > MAX_SECONDS) throw invalid(`Must be between 0 and ${MAX_SECONDS}`);
  const { receivedAt } = receiptHandle.read(handle);
  queue.settle();
  if (!queue.inflightMessages.has(handle)) {
    const message = `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`;
    throw new AwsError("MessageNotInflight", message);
  }
  // Whole seconds: the time a request takes must not refuse the full 12 hours right after the receive.
  if (Math.floor((Date.now() - receivedAt) / 1000) + seconds > MAX_SECONDS) {
    throw invalid(`Total VisibilityTimeout for the message is beyond the limit [${MAX_SECONDS} seconds]`);
  }
  queue.changeVisibility(handle, seconds);
}
