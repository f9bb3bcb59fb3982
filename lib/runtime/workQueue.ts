import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type * as v from "valibot";
import { NewerVersion } from "./NewerVersion.ts";
import { parseVersioned } from "./parseVersioned.ts";
import type { Queue, Services } from "./Services.ts";
import { VesperError } from "./VesperError.ts";

/** SQS counts its 12 hours from the receipt, some time of which has passed by now. Seconds. */
const LONGEST_HIDDEN = 12 * 3_600 - 900;

/** The first wait after an error, seconds; it doubles with each receipt. */
const FIRST_WAIT = 1;

/** The longest wait after an error, seconds: mended code should not wait long for its next chance. */
const LONGEST_WAIT = 60;

/** What a worker answers for one job; other outcomes than `later` take it off the queue. */
export type WorkOutcome = { readonly outcome: string } | { readonly outcome: "later"; readonly at: number };

/** The circumstances of one attempt. */
export interface Attempt {
  /** When this attempt is cut off, milliseconds since the epoch. */
  readonly deadline: number;
  /** 1 for the first receipt of the queue message. */
  readonly number: number;
}

/**
 * Works a batch of queue messages, each for itself. A message whose work is done is left for the event source to delete;
 * one that must wait is hidden until then; one that failed, or can't be read, comes back soon and ends on the
 * dead-letter queue when its receipts are used up.
 */
export async function workQueue<Schema extends v.GenericSchema>(
  { clock, log }: Pick<Services, "clock" | "log">,
  queue: Queue,
  records: readonly SQSRecord[],
  schema: Schema,
  deadline: number,
  work: (job: v.InferOutput<Schema>, attempt: Attempt) => Promise<WorkOutcome>,
): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
  for (const record of records) {
    const number = Number(record.attributes.ApproximateReceiveCount);
    let wait: number | undefined;
    try {
      const outcome = await work(parseJob(schema, record.body), { deadline, number });
      if ("at" in outcome) wait = Math.max(0, Math.ceil((outcome.at - clock.now()) / 1000));
    } catch (error) {
      log.error("job.failed", error, { messageId: record.messageId, number });
      wait = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(number - 1, 10));
    }
    if (wait === undefined) continue;
    await hide(queue, record, Math.min(wait, LONGEST_HIDDEN));
    batchItemFailures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures };
}

function parseJob<Schema extends v.GenericSchema>(schema: Schema, body: string): v.InferOutput<Schema> {
  let version: unknown;
  try {
    const job: unknown = JSON.parse(body);
    version = typeof job === "object" && job !== null && "v" in job ? job.v : undefined;
    return parseVersioned(schema, job);
  } catch (error) {
    if (error instanceof NewerVersion) throw error;
    throw new UnreadableJob(version);
  }
}

/** Has no cause, as a parser quotes what it reads, which may be a person's words; the log must not have them. */
class UnreadableJob extends VesperError {
  override readonly name = "UnreadableJob";
  // Code that knows it may be deployed before its receipts are used up.
  readonly retry = true;
  constructor(version: unknown) {
    const says = typeof version === "number" ? `of version ${version}` : "without a version";
    super(`the queue message, ${says}, is no job that this code reads: deploy the code that wrote it, or purge it`);
  }
}

async function hide(queue: Queue, { receiptHandle }: SQSRecord, seconds: number): Promise<void> {
  await queue.client.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue.url,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: seconds,
    }),
  );
}
