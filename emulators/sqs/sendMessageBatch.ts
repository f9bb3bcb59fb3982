import { AwsError } from "../AwsError.ts";
import { type BatchResult, batch } from "./batch.ts";
import { messageSize } from "./messageSize.ts";
import type { Queue } from "./Queue.ts";
import type { Request } from "./requests.ts";
import type { Store } from "./Store.ts";
import { type Sent, sendMessage } from "./sendMessage.ts";

/** 1 MiB for a message and for a batch: https://aws.amazon.com/about-aws/whats-new/2025/08/amazon-sqs-max-payload-size-1mib/ */
const MAX_BYTES = 1_048_576;

/** Accepts up to ten messages, in one commit. @throws AwsError */
export function sendMessageBatch(
  store: Store,
  queue: Queue,
  entries: Request<"SendMessageBatch">["Entries"],
): BatchResult<Sent> {
  const bytes = entries.reduce((sum, entry) => sum + messageSize(entry), 0);
  if (bytes > MAX_BYTES) {
    const message = `Batch requests cannot be longer than ${MAX_BYTES} bytes. You have sent ${bytes} bytes.`;
    throw new AwsError("BatchRequestTooLong", message);
  }
  return store.atomically(() => batch(entries, (entry) => sendMessage(store, queue, entry)));
}
