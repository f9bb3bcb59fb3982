import { ChangeMessageVisibilityCommand } from "@aws-sdk/client-sqs";
import type { SQSRecord } from "aws-lambda";
import type { Clock } from "../domain/observability.ts";
import { VesperError } from "../domain/VesperError.ts";
import type { Queue } from "../services/Services.ts";

/** A queue message is no longer this attempt's: it was visible again, so that another attempt has it, or it is gone. */
export class MessageTaken extends VesperError {
  override readonly name = "MessageTaken";
  readonly retry = true;
  constructor(cause: unknown) {
    super("the queue message became visible to others before this attempt was done with it: whoever has it goes on", {
      cause,
    });
  }
}

/** How long a message stays hidden beyond its function's time limit, milliseconds: `SLACK` in cdk/wiring.ts. */
const SLACK = 5_000;

/** A function that starts so long after its message was received has less than its time limit left, milliseconds. */
const LATE = 3_000;

/** What sending a reply and deleting the message may take at the most, milliseconds. */
const TO_SEND = 20_000;

/** SQS counts its 12 hours from the receive, some time of which has passed by now. Seconds. */
const LONGEST_HIDDEN = 12 * 3_600 - 900;

/** A queue message and the time for which nobody else gets it, which runs from its receive: a late start has less of it. */
export class HeldMessage {
  /** How often it was received, this time included. */
  readonly number: number;
  /** When it was first received, milliseconds since the epoch. */
  readonly firstReceivedAt: number;
  private readonly queue: Queue;
  private readonly receipt: string;
  private readonly clock: Clock;
  private readonly deadline: number;
  private hiddenUntil: number;

  /** @param deadline when the function is cut off, milliseconds since the epoch */
  constructor(queue: Queue, { attributes, receiptHandle }: SQSRecord, clock: Clock, deadline: number) {
    this.queue = queue;
    this.receipt = receiptHandle;
    this.clock = clock;
    this.deadline = deadline;
    this.number = Number(attributes.ApproximateReceiveCount);
    this.firstReceivedAt = Number(attributes.ApproximateFirstReceiveTimestamp);
    const lateness = clock.now() - this.firstReceivedAt;
    // The time of a later receive is not known.
    const punctual = this.number === 1 && lateness <= LATE;
    this.hiddenUntil = punctual ? deadline + SLACK - Math.max(0, lateness) : 0;
  }

  /** Makes sure that it is this attempt's for the function's whole time. @throws MessageTaken */
  async hold(): Promise<void> {
    if (this.hiddenUntil === 0) await this.extend();
  }

  /** Makes sure that it is this attempt's while a reply is sent. Mostly there is time enough. @throws MessageTaken */
  async extend(): Promise<void> {
    const now = this.clock.now();
    if (this.hiddenUntil >= now + TO_SEND) return;
    const seconds = Math.ceil(Math.max(this.deadline + SLACK - now, TO_SEND) / 1000);
    await this.hide(seconds);
    this.hiddenUntil = now + seconds * 1000;
  }

  /** Hides it for so many seconds from now, or as many as SQS can. @throws MessageTaken */
  async hide(seconds: number): Promise<void> {
    try {
      await this.queue.client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: this.queue.url,
          ReceiptHandle: this.receipt,
          VisibilityTimeout: Math.min(seconds, LONGEST_HIDDEN),
        }),
      );
    } catch (error) {
      throw isNotOurs(error) ? new MessageTaken(error) : error;
    }
  }
}

/** A FIFO queue says of a receipt handle whose time is over that it is no valid parameter. */
function isNotOurs(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  return (
    name === "MessageNotInflight" ||
    name === "ReceiptHandleIsInvalid" ||
    (name.startsWith("InvalidParameterValue") && /expired|not available/i.test(message))
  );
}
