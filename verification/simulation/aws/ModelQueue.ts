import { MessageNotInflight, ReceiptHandleIsInvalid } from "@aws-sdk/client-sqs";
import { Heap } from "../Heap.ts";
import { Groups } from "./Groups.ts";
import { Lane } from "./Lane.ts";
import type { QueueBehaviour, QueueSettings } from "./QueueSettings.ts";
import { executeOn, MOST_MESSAGES } from "./queueCommands.ts";
import type { Received } from "./Received.ts";
import { serviceError } from "./serviceError.ts";
import type { Stored, VisibleMessages } from "./VisibleMessages.ts";

/** A FIFO queue forgets a deduplication id after five minutes, milliseconds. */
const DEDUPLICATION = 5 * 60_000;

/** The longest that a message is hidden, from its receive on, seconds. */
const LONGEST_HIDDEN = 43_200;

/** The longest that a message is delayed, seconds. */
const LONGEST_DELAY = 900;

/**
 * A queue in memory that promises what SQS promises and nothing more. Standard: at least once, in any order. FIFO: a
 * group's messages in order, none while one of them is in flight; a group takes a deduplication id once in five minutes,
 * as the gateway's queues are set up.
 */
export class ModelQueue {
  /** All of them by their number, which their receipts begin with, in the order in which they came. */
  private readonly messages = new Map<number, Stored>();
  /** The one that was sent first is on top. Some of those that have been removed are still there. */
  private readonly bySending = new Heap<Stored>((a, b) => a.sentAt < b.sentAt);
  private readonly visible: VisibleMessages;
  private readonly seen = new Map<string, number>();
  private count = 0;
  private most = 0;
  private isGone = false;
  private readonly listeners: ((visibleAt: number) => void)[] = [];
  private readonly settings: QueueSettings;
  private readonly behaviour: QueueBehaviour;
  private readonly now: () => number;

  /** @param now milliseconds since the epoch */
  constructor(settings: QueueSettings, behaviour: QueueBehaviour, now: () => number) {
    this.settings = settings;
    this.behaviour = behaviour;
    this.visible = settings.fifo ? new Groups() : new Lane();
    this.now = now;
  }

  /** Hears when a message will be visible (milliseconds since the epoch). */
  onVisible(listener: (visibleAt: number) => void): void {
    this.listeners.push(listener);
  }

  /** Carries out one command of the SDK and answers its output. Throws as the SDK does. */
  execute(command: unknown): Record<string, unknown> {
    if (this.isGone) throw serviceError("QueueDoesNotExist", "The specified queue does not exist.");
    return executeOn(this, () => this.behaviour.refuses(), command);
  }

  /** @param delay seconds until it is handed out at the earliest */
  send(body: string, group: string, deduplication?: string, delay = 0): void {
    const now = this.now();
    if (delay < 0 || delay > LONGEST_DELAY) throw invalid(`delayed by 0 to ${LONGEST_DELAY} seconds, not ${delay}`);
    if (this.settings.fifo && deduplication !== undefined) {
      const key = `${group} ${deduplication}`;
      if (now < (this.seen.get(key) ?? Number.NEGATIVE_INFINITY) + DEDUPLICATION) return;
      this.seen.set(key, now);
    }
    const id = `m${++this.count}`;
    for (let copies = !this.settings.fifo && this.behaviour.duplicates() ? 2 : 1; copies > 0; copies--) {
      const message = this.put(id, body, group, now, 0);
      if (delay > 0) this.hide(message, delay);
    }
  }

  receive(most: number, visibilityTimeout = this.settings.visibilityTimeout): readonly Received[] {
    if (most < 1 || most > MOST_MESSAGES) throw invalid(`1 to ${MOST_MESSAGES} messages, not ${most}`);
    this.forget();
    this.visible.open(this.now());
    const found: Received[] = [];
    while (found.length < most) {
      const message = this.next();
      if (!message) break;
      const { id, body, group, number, sentAt } = message;
      const receipt = `${number}/${++this.count}`;
      const count = ++message.count;
      message.receipt = receipt;
      message.receivedAt = this.now();
      message.firstReceivedAt ??= message.receivedAt;
      this.hide(message, visibilityTimeout);
      this.most = Math.max(this.most, count);
      found.push({ id, body, group, receipt, count, sentAt, firstReceivedAt: message.firstReceivedAt });
    }
    return found;
  }

  /**
   * With an old receipt a standard queue's message stays though the request succeeds, as SQS says it may; a FIFO queue
   * refuses one whose time is over.
   */
  delete(receipt: string): void {
    this.forget();
    const message = this.holderOf(receipt);
    if (!message) return;
    const late = message.receipt !== receipt || message.visibleAt <= this.now();
    if (late && this.settings.fifo) throw invalid("the receipt handle has expired");
    if (message.receipt !== receipt) return;
    this.remove(message);
    this.announce(this.now());
  }

  changeVisibility(receipt: string, seconds: number): void {
    this.forget();
    if (seconds < 0 || seconds > LONGEST_HIDDEN) throw invalid(`0 to ${LONGEST_HIDDEN}, not ${seconds}`);
    const message = this.holderOf(receipt);
    if (!message || message.receipt !== receipt || message.visibleAt <= this.now()) {
      throw new MessageNotInflight({ message: "the message is not in flight", $metadata: {} });
    }
    const hidden = Math.floor((this.now() - message.receivedAt) / 1000) + seconds;
    if (hidden > LONGEST_HIDDEN) throw invalid(`hidden for ${hidden} seconds in all`);
    this.hide(message, seconds);
  }

  /** A deployment deletes it, with all that it holds. */
  deleteQueue(): void {
    this.isGone = true;
    this.purge();
  }

  /** An operator empties it. */
  purge(): void {
    for (const message of this.messages.values()) this.remove(message);
  }

  /** An operator moves everything to another queue, or purges it: what is not `wanted` goes nowhere. */
  moveTo(other: ModelQueue, wanted: (body: string) => boolean = () => true): void {
    this.forget();
    for (const message of [...this.messages.values()]) {
      if (message.visibleAt > this.now()) continue;
      if (!wanted(message.body)) {
        this.remove(message);
        continue;
      }
      this.remove(message);
      other.send(message.body, message.group);
    }
  }

  /** How often at most it handed out one message. */
  get mostReceipts(): number {
    return this.most;
  }

  /** The bodies of all its messages, the hidden ones included. */
  bodies(): readonly string[] {
    return Array.from(this.messages.values(), ({ body }) => body);
  }

  /** What is older than the queue keeps is gone, in flight or not. */
  private forget(): void {
    const oldest = this.now() - this.settings.retention * 1000;
    for (let first = this.bySending.top; first; first = this.bySending.top) {
      const isThere = this.messages.has(first.number);
      if (isThere && first.sentAt > oldest) return;
      this.bySending.pop();
      if (isThere) this.remove(first);
    }
  }

  /** The next one to hand out; those that were received too often go elsewhere. */
  private next(): Stored | undefined {
    const { redrive } = this.settings;
    for (;;) {
      const ready = this.visible.ready();
      const message = ready[ready.length > 1 ? this.behaviour.chooses(ready.length) : 0];
      if (!message || !redrive || message.count < redrive.maxReceiveCount) return message;
      this.remove(message);
      redrive.to.take(message);
    }
  }

  /** The message that a receipt, of now or of old, is about. */
  private holderOf(receipt: string): Stored | undefined {
    const [, number] = /^(\d+)\/\d+$/.exec(receipt) ?? [];
    if (number === undefined) throw new ReceiptHandleIsInvalid({ message: "no receipt handle", $metadata: {} });
    return this.messages.get(Number(number));
  }

  /** Takes a message that another queue has given up. */
  private take({ id, body, group, sentAt, count }: Stored): void {
    // A FIFO queue counts the time it keeps a message anew. Receipts are counted "across all queues":
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
    this.put(id, body, group, this.settings.fifo ? this.now() : sentAt, count);
  }

  private put(id: string, body: string, group: string, sentAt: number, count: number): Stored {
    const now = this.now();
    const number = ++this.count;
    const message: Stored = {
      ...{ number, id, body, group, sentAt, count },
      ...{ firstReceivedAt: undefined, receivedAt: now, visibleAt: now, receipt: undefined },
    };
    this.messages.set(number, message);
    this.bySending.push(message);
    this.visible.put(message);
    this.announce(now);
    return message;
  }

  private hide(message: Stored, seconds: number): void {
    message.visibleAt = this.now() + seconds * 1000;
    this.visible.hide(message);
    this.announce(message.visibleAt);
  }

  private remove(message: Stored): void {
    this.messages.delete(message.number);
    this.visible.remove(message);
  }

  private announce(visibleAt: number): void {
    for (const listener of this.listeners) listener(visibleAt);
  }

  /** What GetQueueAttributes answers of the messages. */
  attributes(): Record<string, string> {
    this.forget();
    const now = this.now();
    let [visible, delayed] = [0, 0];
    for (const { visibleAt, firstReceivedAt } of this.messages.values()) {
      if (visibleAt <= now) visible++;
      else if (firstReceivedAt === undefined) delayed++;
    }
    return {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(this.messages.size - visible - delayed),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    };
  }
}

function invalid(message: string): Error {
  return serviceError("InvalidParameterValue", message);
}
