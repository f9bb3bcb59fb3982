import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  MessageNotInflight,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
import { Heap } from "../Heap.ts";
import { serviceError } from "./serviceError.ts";

/** A message that a queue handed out. */
export interface Received {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly receipt: string;
  /** How often it was handed out, this time included. */
  readonly count: number;
}

/** A queue's settings, times in seconds. */
export interface QueueSettings {
  readonly fifo: boolean;
  readonly visibilityTimeout: number;
  readonly retention: number;
  readonly redrive?: { readonly to: ModelQueue; readonly maxReceiveCount: number };
}

/** What SQS leaves open, decided by whoever plays it. */
export interface QueueManners {
  /** Whether a standard queue takes this message twice. */
  duplicates(): boolean;
  /** Which of so many visible messages a standard queue hands out next: from 0. */
  chooses(count: number): number;
  /**
   * Whether a standard queue serves first the group that has least in flight, so that no group holds up another:
   * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
   */
  readonly isFair?: boolean;
}

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly sentAt: number;
  visibleAt: number;
  count: number;
  receipt: string | undefined;
  /** Where it stands among the visible ones of its lane; undefined: it is in flight. */
  place: number | undefined;
}

/** A standard queue's messages that it chooses from at random: all, or those of a group where it is fair. */
interface Lane {
  readonly visible: Stored[];
  inFlight: number;
}

/** A FIFO queue forgets a deduplication id after five minutes, milliseconds. */
const DEDUPLICATION = 5 * 60_000;

/**
 * A queue in memory that promises what SQS promises and nothing more. Standard: at least once, in any order. FIFO: a
 * group's messages in order, none while one of them is in flight; a deduplication id once in five minutes.
 */
export class ModelQueue {
  /** How many messages it took, and how often at most one of them was handed out. */
  readonly totals = { taken: 0, mostReceipts: 0 };
  /** All of them, in the order in which they came. */
  private readonly messages = new Set<Stored>();
  private readonly byReceipt = new Map<string, Stored>();
  /** Of a standard queue, which may be long: what can be handed out now, and what comes back when. */
  private readonly lanes = new Map<string, Lane>();
  private readonly hidden = new Heap<{ readonly message: Stored; readonly until: number }>((a, b) => a.until < b.until);
  private readonly seen = new Map<string, number>();
  private count = 0;
  private readonly listeners: ((visibleAt: number) => void)[] = [];
  private readonly settings: QueueSettings;
  private readonly manners: QueueManners;
  private readonly now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(settings: QueueSettings, manners: QueueManners, now: () => number) {
    this.settings = settings;
    this.manners = manners;
    this.now = now;
  }

  /** Hears when a message will be visible (milliseconds since the epoch). */
  onVisible(listener: (visibleAt: number) => void): void {
    this.listeners.push(listener);
  }

  /** Carries out one command of the SDK and answers its output. Throws as the SDK does. */
  execute(command: unknown): Record<string, unknown> {
    if (command instanceof SendMessageBatchCommand) {
      for (const { MessageBody = "", MessageGroupId = "", MessageDeduplicationId } of command.input.Entries ?? []) {
        this.send(MessageBody, MessageGroupId, MessageDeduplicationId);
      }
      return { Failed: [] };
    }
    if (command instanceof ReceiveMessageCommand) {
      const { MaxNumberOfMessages = 1, VisibilityTimeout } = command.input;
      const found = this.receive(MaxNumberOfMessages, VisibilityTimeout);
      return {
        Messages: found.map(({ id, body, receipt }) => ({ MessageId: id, Body: body, ReceiptHandle: receipt })),
      };
    }
    if (command instanceof DeleteMessageCommand) {
      this.delete(command.input.ReceiptHandle ?? "");
      return {};
    }
    if (command instanceof ChangeMessageVisibilityCommand) {
      this.changeVisibility(command.input.ReceiptHandle ?? "", command.input.VisibilityTimeout ?? 0);
      return {};
    }
    if (command instanceof GetQueueAttributesCommand) return { Attributes: this.attributes() };
    throw new Error(`the model of the queue does not know this command; teach it: ${String(command)}`);
  }

  send(body: string, group: string, deduplication?: string): void {
    const now = this.now();
    if (this.settings.fifo && deduplication !== undefined) {
      if (now < (this.seen.get(deduplication) ?? Number.NEGATIVE_INFINITY) + DEDUPLICATION) return;
      this.seen.set(deduplication, now);
    }
    this.put(`m${++this.count}`, body, group, now, 0);
    if (!this.settings.fifo && this.manners.duplicates()) this.put(`m${this.count}`, body, group, now, 0);
  }

  receive(most: number, visibilityTimeout = this.settings.visibilityTimeout): readonly Received[] {
    const found: Received[] = [];
    while (found.length < most) {
      const message = this.next();
      if (!message) break;
      const receipt = `${message.id}/${++message.count}/${++this.count}`;
      if (message.receipt !== undefined) this.byReceipt.delete(message.receipt);
      this.byReceipt.set(receipt, message);
      message.receipt = receipt;
      this.hide(message, this.now() + visibilityTimeout * 1000);
      const { id, body, group, count } = message;
      this.totals.mostReceipts = Math.max(this.totals.mostReceipts, count);
      found.push({ id, body, group, receipt, count });
    }
    return found;
  }

  /** With an old receipt the request succeeds and the message stays, as SQS says it may. */
  delete(receipt: string): void {
    const message = this.byReceipt.get(receipt);
    if (!message) return;
    this.remove(message);
    this.announce(this.now());
  }

  changeVisibility(receipt: string, seconds: number): void {
    const message = this.byReceipt.get(receipt);
    if (!message || message.visibleAt <= this.now()) {
      throw new MessageNotInflight({ message: "the message is not in flight", $metadata: {} });
    }
    if (seconds < 0 || seconds > 43_200) throw serviceError("InvalidParameterValue", `0 to 43200, not ${seconds}`);
    this.hide(message, this.now() + seconds * 1000);
  }

  /** An operator empties it. */
  purge(): void {
    for (const message of this.messages) this.remove(message);
  }

  /** An operator moves everything to another queue. */
  moveTo(other: ModelQueue): void {
    for (const message of this.messages) {
      if (message.visibleAt > this.now()) continue;
      this.remove(message);
      other.send(message.body, message.group);
    }
  }

  /** The bodies of all its messages, the hidden ones included. */
  bodies(): readonly string[] {
    return Array.from(this.messages, ({ body }) => body);
  }

  private next(): Stored | undefined {
    const now = this.now();
    const { redrive, retention, fifo } = this.settings;
    for (const message of this.messages) {
      if (now - message.sentAt <= retention * 1000) break;
      this.remove(message);
    }
    for (;;) {
      const ready = fifo ? this.heads(now) : this.showUntil(now);
      const message = ready[ready.length > 1 ? this.manners.chooses(ready.length) : 0];
      if (!message || !redrive || message.count < redrive.maxReceiveCount) return message;
      this.remove(message);
      redrive.to.put(message.id, message.body, message.group, message.sentAt, 0);
    }
  }

  /** The first message of each group, where it is visible. */
  private heads(now: number): readonly Stored[] {
    const heads: Stored[] = [];
    const groups = new Set<string>();
    for (const message of this.messages) {
      if (!groups.has(message.group) && message.visibleAt <= now) heads.push(message);
      groups.add(message.group);
    }
    return heads;
  }

  /** What is visible on a standard queue, with what has become so. */
  private showUntil(now: number): readonly Stored[] {
    for (let next = this.hidden.top; next && next.until <= now; next = this.hidden.top) {
      this.hidden.pop();
      // It may be gone, or its time may have been changed.
      const { message, until } = next;
      if (message.visibleAt !== until || message.place !== undefined || !this.messages.has(message)) continue;
      const lane = this.laneOf(message);
      lane.inFlight--;
      message.place = lane.visible.push(message) - 1;
    }
    let least: Lane | undefined;
    for (const lane of this.lanes.values()) {
      if (lane.visible.length > 0 && lane.inFlight < (least?.inFlight ?? Number.POSITIVE_INFINITY)) least = lane;
    }
    return least?.visible ?? [];
  }

  private laneOf({ group }: Stored): Lane {
    const name = this.manners.isFair ? group : "";
    const lane = this.lanes.get(name) ?? { visible: [], inFlight: 0 };
    this.lanes.set(name, lane);
    return lane;
  }

  private hide(message: Stored, until: number): void {
    if (!this.settings.fifo) {
      this.takeOut(message);
      this.laneOf(message).inFlight++;
      this.hidden.push({ message, until });
    }
    message.visibleAt = until;
    this.announce(until);
  }

  private remove(message: Stored): void {
    if (!this.settings.fifo) this.takeOut(message);
    this.messages.delete(message);
    if (message.receipt !== undefined) this.byReceipt.delete(message.receipt);
  }

  /** Takes it from the visible ones or from those in flight. The last one takes its place: a lane has no order. */
  private takeOut(message: Stored): void {
    const { place } = message;
    const lane = this.laneOf(message);
    message.place = undefined;
    if (place === undefined) lane.inFlight--;
    const last = place === undefined ? undefined : lane.visible.pop();
    if (place === undefined || !last || last === message) return;
    lane.visible[place] = last;
    last.place = place;
  }

  private put(id: string, body: string, group: string, sentAt: number, count: number): void {
    const message: Stored = {
      id,
      body,
      group,
      sentAt,
      visibleAt: this.now(),
      count,
      receipt: undefined,
      place: undefined,
    };
    this.messages.add(message);
    this.totals.taken++;
    if (!this.settings.fifo) message.place = this.laneOf(message).visible.push(message) - 1;
    this.announce(message.visibleAt);
  }

  private announce(visibleAt: number): void {
    for (const listener of this.listeners) listener(visibleAt);
  }

  private attributes(): Record<string, string> {
    const now = this.now();
    let visible = 0;
    for (const { visibleAt } of this.messages) if (visibleAt <= now) visible++;
    return {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(this.messages.size - visible),
      ApproximateNumberOfMessagesDelayed: "0",
    };
  }
}
