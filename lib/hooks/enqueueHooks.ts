import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import type { Queue } from "../runtime/Services.ts";
import { VesperError } from "../runtime/VesperError.ts";
import type { HookJob } from "./HookJob.ts";

/** The most entries of one SendMessageBatch. */
const BATCH = 10;

/**
 * Puts jobs on a session-end queue or the dead-letter queue. A job that is sent twice does no harm: the hook row has the
 * lease.
 */
export async function enqueueHooks(queue: Queue, jobs: readonly HookJob[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += BATCH) {
    const { Failed = [] } = await queue.client.send(
      new SendMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: jobs.slice(start, start + BATCH).map((job, index) => ({
          Id: String(index),
          MessageBody: JSON.stringify(job),
        })),
      }),
    );
    if (Failed.length > 0) throw new EnqueueFailed(Failed.length, Failed[0]?.Message ?? Failed[0]?.Code ?? "no reason");
  }
}

class EnqueueFailed extends VesperError {
  override readonly name = "EnqueueFailed";
  readonly retry = true;
  constructor(count: number, reason: string) {
    super(`${count} session-end jobs could not be enqueued: ${reason}`);
  }
}
