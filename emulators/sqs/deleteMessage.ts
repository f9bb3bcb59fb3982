import { AwsError } from "../AwsError.ts";
import type { Queue } from "./Queue.ts";
import { receiptHandle } from "./receiptHandle.ts";

/**
 * Deletes by receipt handle. As on AWS a second delete succeeds, an older handle of a standard queue succeeds without
 * deleting, and a FIFO queue refuses a handle whose visibility timeout is over. @throws AwsError
 */
export function deleteMessage(queue: Queue, handle: string): void {
  const { messageId } = receiptHandle.read(handle);
  queue.settle();
  if (queue.deleteMessage(handle) || !queue.isFifo() || !queue.holds(messageId)) return;
  const message = `Value ${handle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`;
  throw new AwsError("InvalidParameterValue", message);
}
