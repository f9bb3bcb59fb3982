import { SendMessageBatchCommand, type SendMessageBatchRequestEntry } from "@aws-sdk/client-sqs";
import { VesperError } from "../domain/VesperError.ts";
import type { Queue } from "../services/Services.ts";

/** The most entries of one SendMessageBatch. */
const BATCH = 10;

/** Puts messages on a queue, ten a call. @throws NotQueued when the queue did not take one; those before it are queued */
export async function sendBatches(
  { client, url }: Queue,
  entries: readonly SendMessageBatchRequestEntry[],
): Promise<void> {
  for (let start = 0; start < entries.length; start += BATCH) {
    const { Failed = [] } = await client.send(
      new SendMessageBatchCommand({ QueueUrl: url, Entries: entries.slice(start, start + BATCH) }),
    );
    if (Failed.length > 0) throw new NotQueued(Failed.length, Failed[0]?.Message ?? Failed[0]?.Code ?? "no reason");
  }
}

class NotQueued extends VesperError {
  override readonly name = "NotQueued";
  readonly retry = true;
  constructor(count: number, reason: string) {
    super(`${count} messages could not be queued: ${reason}`);
  }
}
