import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import type { ModelQueue } from "./aws/ModelQueue.ts";
import type { Received } from "./aws/Received.ts";
import type { Surroundings } from "./Invocation.ts";

/** How an invocation ended: with a result, with an error, or without a word. */
export type Ended<Result> = { readonly result: Result } | undefined;

/** A queue as Lambda's event source, one message an invocation. */
export class QueueSource {
  private running = 0;
  private paused = false;
  private readonly queue: ModelQueue;
  private readonly arn: string;
  private readonly surroundings: Surroundings;
  private readonly concurrency: number;
  private readonly invoke: (event: SQSEvent, done: (ended: Ended<SQSBatchResponse>) => void) => void;

  constructor(
    { queue, arn }: { readonly queue: ModelQueue; readonly arn: string },
    surroundings: Surroundings,
    concurrency: number,
    invoke: (event: SQSEvent, done: (ended: Ended<SQSBatchResponse>) => void) => void,
  ) {
    this.queue = queue;
    this.arn = arn;
    this.surroundings = surroundings;
    this.concurrency = concurrency;
    this.invoke = invoke;
    queue.onVisible((at) => this.lookAt(at));
  }

  /** The function is off, or on again. */
  pause(paused: boolean): void {
    this.paused = paused;
    if (!paused) this.lookAt(this.surroundings.timeline.now);
  }

  private lookAt(time: number): void {
    const { timeline, random } = this.surroundings;
    timeline.at(time + random.whole(0, 30), () => this.look());
  }

  private look(): void {
    const { timeline, faults } = this.surroundings;
    if (this.paused || this.running >= this.concurrency) return;
    const [message] = this.queue.receive(1);
    if (!message) return;
    // Lambda took the message, was throttled, and gives it up: it comes back after its visibility timeout.
    if (faults.happens("receiptThrottled")) {
      this.lookAt(timeline.now);
      return;
    }
    this.running++;
    const start = () =>
      this.invoke(eventOf(message, this.arn), (ended) => {
        this.running--;
        if (ended?.result.batchItemFailures.length === 0 && !faults.happens("notDeleted")) {
          this.delete(message.receipt);
        }
        this.lookAt(timeline.now);
      });
    // A throttled function: the message has been taken, and its time runs.
    const late = faults.happens("startedLate") ? lateness(faults.degree("startedLate")) : 0;
    timeline.after(late, start);
    this.lookAt(timeline.now);
  }

  private delete(receipt: string): void {
    try {
      this.queue.delete(receipt);
    } catch {
      // A FIFO queue refuses a receipt whose time is over: the message comes again.
    }
  }
}

/** Mostly about as long as the message stays hidden, which is where it gets interesting; milliseconds. */
function lateness(degree: number): number {
  return degree < 0.3 ? degree * 30_000 : 50_000 + degree * 50_000;
}

function eventOf({ id, body, receipt, count, firstReceivedAt }: Received, arn: string): SQSEvent {
  return {
    Records: [
      {
        messageId: id,
        receiptHandle: receipt,
        body,
        attributes: {
          ApproximateReceiveCount: String(count),
          SentTimestamp: "0",
          SenderId: "simulation",
          ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
        },
        messageAttributes: {},
        md5OfBody: "",
        eventSource: "aws:sqs",
        eventSourceARN: arn,
        awsRegion: "us-east-1",
      },
    ],
  };
}
