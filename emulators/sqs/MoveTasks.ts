import { randomUUID } from "node:crypto";
import { AwsError } from "../AwsError.ts";
import type { Message } from "./fauxqs.ts";
import type { Queue } from "./Queue.ts";
import { redrivePolicy } from "./redrivePolicy.ts";
import type { Request } from "./requests.ts";
import type { Store } from "./Store.ts";

/** Messages a step when no rate is given: between two steps other requests, such as a cancel, get through. */
const STEP = 100;

/** A task as ListMessageMoveTasks shows it. */
interface Task {
  TaskHandle?: string | undefined;
  Status: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  SourceArn: string;
  DestinationArn?: string | undefined;
  MaxNumberOfMessagesPerSecond?: number | undefined;
  ApproximateNumberOfMessagesMoved: number;
  ApproximateNumberOfMessagesToMove: number;
  FailureReason?: string;
  StartedTimestamp: number;
}

/**
 * Dead-letter redrive: moves the visible messages of a dead-letter queue back to where they came from, or to a given
 * queue, with new message ids and receive counts. Tasks are in memory: a restart ends them, each message is in one place.
 */
export class MoveTasks {
  private readonly store: Store;
  private readonly tasks: Task[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Starts a task; its first step runs at once. @throws AwsError */
  start(request: Request<"StartMessageMoveTask">): { TaskHandle: string } {
    const { SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond } = request;
    const source = this.source(SourceArn);
    const invalid = (message: string) => new AwsError("InvalidParameterValue", message);
    if (this.sourcesOf(source).length === 0) throw invalid("Source queue must be configured as a Dead Letter Queue.");
    const target = DestinationArn === undefined ? undefined : this.store.getQueueByArn(DestinationArn);
    if (DestinationArn !== undefined && !target) {
      const message = "The resource that you specified for the DestinationArn parameter doesn't exist.";
      throw new AwsError("ResourceNotFoundException", message, { status: 404 });
    }
    if (target && target.isFifo() !== source.isFifo()) {
      throw invalid("The source and destination queues must be of the same type: both standard or both FIFO.");
    }
    const rate = MaxNumberOfMessagesPerSecond;
    if (rate !== undefined && (rate < 1 || rate > 500)) {
      throw invalid(`Value ${rate} for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: Must be 1 to 500.`);
    }
    if (this.tasks.some((task) => task.SourceArn === source.arn && task.Status === "RUNNING")) {
      const rule = "Only one active task is allowed for a source queue arn at a given time.";
      throw invalid(`There is already a task running. ${rule}`);
    }
    const TaskHandle = Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: source.arn })).toString("base64");
    const task: Task = {
      TaskHandle,
      Status: "RUNNING",
      SourceArn: source.arn,
      DestinationArn,
      MaxNumberOfMessagesPerSecond: rate,
      ApproximateNumberOfMessagesMoved: 0,
      ApproximateNumberOfMessagesToMove: source.visible().length,
      StartedTimestamp: Date.now(),
    };
    this.tasks.unshift(task);
    this.step(task, source);
    return { TaskHandle };
  }

  /** The latest tasks of a source, newest first; only a running one shows its handle. @throws AwsError */
  list({ SourceArn, MaxResults = 1 }: Request<"ListMessageMoveTasks">): { Results: Task[] } {
    const source = this.source(SourceArn);
    const tasks = this.tasks.filter((task) => task.SourceArn === source.arn).slice(0, MaxResults);
    return {
      Results: tasks.map(({ TaskHandle, ...task }) => (task.Status === "RUNNING" ? { TaskHandle, ...task } : task)),
    };
  }

  /** Ends a running task; what it has moved stays moved. @throws AwsError */
  cancel(handle: string): { ApproximateNumberOfMessagesMoved: number } {
    const task = this.tasks.find((one) => one.TaskHandle === handle);
    if (!task) throw new AwsError("ResourceNotFoundException", "Task does not exist.", { status: 404 });
    if (task.Status !== "RUNNING") throw new AwsError("UnsupportedOperation", "Only active tasks can be cancelled.");
    task.Status = "CANCELLED";
    return { ApproximateNumberOfMessagesMoved: task.ApproximateNumberOfMessagesMoved };
  }

  /** The queues whose redrive policy names this dead-letter queue. */
  sourcesOf(deadLetters: Queue): Queue[] {
    return this.store
      .all()
      .filter((queue) => redrivePolicy(queue.attributes.RedrivePolicy)?.deadLetterTargetArn === deadLetters.arn);
  }

  /** Ends all tasks where they are. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private source(arn: string): Queue {
    const queue = this.store.getQueueByArn(arn);
    if (queue) return queue;
    const message = "The resource that you specified for the SourceArn parameter doesn't exist.";
    throw new AwsError("ResourceNotFoundException", message, { status: 404 });
  }

  private step(task: Task, source: Queue): void {
    if (task.Status !== "RUNNING") return;
    const rate = task.MaxNumberOfMessagesPerSecond;
    const open = task.ApproximateNumberOfMessagesToMove - task.ApproximateNumberOfMessagesMoved;
    const messages = source.visible().slice(0, Math.min(open, rate === undefined ? STEP : 1));
    try {
      for (const message of messages) this.move(task, source, message);
    } catch (error) {
      task.Status = "FAILED";
      task.FailureReason = error instanceof Error ? error.message : String(error);
      return;
    }
    if (messages.length === 0 || task.ApproximateNumberOfMessagesMoved >= task.ApproximateNumberOfMessagesToMove) {
      task.Status = "COMPLETED";
      return;
    }
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        this.step(task, source);
      },
      rate === undefined ? 0 : 1000 / rate,
    );
    this.timers.add(timer.unref());
  }

  private move(task: Task, source: Queue, message: Message): void {
    const arn = task.DestinationArn ?? message.deadLetterSourceArn;
    const target = arn === undefined ? undefined : this.store.getQueueByArn(arn);
    // AWS' own word for a message that was sent to the dead-letter queue directly.
    if (!target) throw new Error(arn === undefined ? "CouldNotDetermineMessageSource" : "QueueDoesNotExist");
    this.store.atomically(() => {
      source.remove(message);
      target.enqueue({
        ...message,
        messageId: randomUUID(),
        sentTimestamp: Date.now(),
        approximateReceiveCount: 0,
        approximateFirstReceiveTimestamp: undefined,
        deadLetterSourceArn: undefined,
        lastReceiptHandle: undefined,
        delayUntil: undefined,
        ...(target.isFifo() && { sequenceNumber: target.nextSequenceNumber() }),
      });
    });
    task.ApproximateNumberOfMessagesMoved += 1;
  }
}
