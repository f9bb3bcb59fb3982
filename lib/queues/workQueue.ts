import type { SQSRecord } from "aws-lambda";
import type * as v from "valibot";
import { VesperError } from "../domain/VesperError.ts";
import type { Queue, Services } from "../services/Services.ts";
import { NewerVersion, parseVersioned } from "../store/versions.ts";
import { HeldMessage, MessageTaken } from "./HeldMessage.ts";

/** The first wait after an error, seconds; it doubles with each receive. */
const FIRST_WAIT = 1;

/** The longest wait after an error, seconds: mended code should not wait long for its next chance. */
const LONGEST_WAIT = 60;

/**
 * For how long after its first receive a message that fails is worth a wait, milliseconds: the messages of its group wait
 * behind it. From then on what is left of its receives is used up within minutes.
 */
const WORTH_A_WAIT = 30 * 60_000;

/** The wait after an error from then on, seconds. */
const LAST_WAIT = 1;

/** What a worker answers for one job; other outcomes than `later` take it off the queue. */
export type WorkOutcome = { readonly outcome: string } | { readonly outcome: "later"; readonly at: number };

/** The circumstances of one attempt. */
export interface Attempt {
  /** When this attempt is cut off, milliseconds since the epoch. */
  readonly deadline: number;
  /** 1 for the first receive of the queue message. Not every receive has led to an attempt: a function may be throttled. */
  readonly number: number;
  /**
   * Makes sure that the message is this attempt's for as long as sending a reply may take. Costs a call only when little
   * time is left. @throws MessageTaken
   */
  extend(): Promise<void>;
}

/**
 * Works a batch of queue messages, each for itself. A message whose work is done is left for the event source to delete;
 * one that must wait is hidden until then; one that failed, or can't be read, comes back soon and ends on the
 * dead-letter queue when its receives are used up. One that is another attempt's by now is left to that.
 *
 * @returns the ids of the messages that stay on the queue
 */
export async function workQueue<Schema extends v.GenericSchema>(
  { clock, log }: Pick<Services, "clock" | "log">,
  queue: Queue,
  records: readonly SQSRecord[],
  schema: Schema,
  deadline: number,
  work: (job: v.InferOutput<Schema>, attempt: Attempt) => Promise<WorkOutcome>,
): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const record of records) {
    const message = new HeldMessage(queue, record, clock, deadline);
    const { number } = message;
    let wait: number | undefined;
    try {
      try {
        const job = parseJob(schema, record.body);
        await message.hold();
        const outcome = await work(job, { deadline, number, extend: () => message.extend() });
        if ("at" in outcome) wait = Math.max(0, Math.ceil((outcome.at - clock.now()) / 1000));
      } catch (error) {
        if (error instanceof MessageTaken) throw error;
        log.error("job.failed", error, { messageId: record.messageId, number });
        wait = waitAfterError(message, clock.now());
      }
      if (wait === undefined) continue;
      await message.hide(wait);
    } catch (error) {
      if (!(error instanceof MessageTaken)) throw error;
      log.warn("job.taken", { messageId: record.messageId, number });
    }
    kept.push(record.messageId);
  }
  return kept;
}

/** Seconds. */
function waitAfterError({ number, firstReceivedAt }: HeldMessage, now: number): number {
  if (now > firstReceivedAt + WORTH_A_WAIT) return LAST_WAIT;
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(number - 1, 10));
}

/** A queue message's job. @throws NewerVersion, UnreadableJob */
export function parseJob<Schema extends v.GenericSchema>(schema: Schema, body: string): v.InferOutput<Schema> {
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
  // Code that knows it may be deployed before its receives are used up.
  readonly retry = true;
  constructor(version: unknown) {
    const says = typeof version === "number" ? `of version ${version}` : "without a version";
    super(`the queue message, ${says}, is no job that this code reads: deploy the code that wrote it, or purge it`);
  }
}
