import { VesperError } from "../domain/VesperError.ts";
import type { BatchEntry, SendBatch } from "../runtime/aws/postBatch.ts";

/** The most entries of one SendMessageBatch. */
const BATCH = 10;

/** Puts messages on a queue, ten a call. @throws NotQueued when the queue did not take one; those before it are queued */
export async function sendBatches(send: SendBatch, entries: readonly BatchEntry[]): Promise<void> {
  for (let start = 0; start < entries.length; start += BATCH) {
    const refused = await send(entries.slice(start, start + BATCH));
    const [first] = refused;
    if (first) throw new NotQueued(refused.length, first.Message ?? first.Code ?? "no reason");
  }
}

class NotQueued extends VesperError {
  override readonly name = "NotQueued";
  readonly retry = true;
  constructor(count: number, reason: string) {
    super(`${count} messages could not be queued: ${reason}`);
  }
}
