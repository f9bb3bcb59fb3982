import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  MessageNotInflight,
  ReceiptHandleIsInvalid,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from "@aws-sdk/client-sqs";
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
}

interface Stored {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly sentAt: number;
  /** Of its latest receipt. */
  receivedAt: number;
  visibleAt: number;
  count: number;
  receipt: string | undefined;
}

/** A FIFO queue forgets a deduplication id after five minutes, milliseconds. */
const DEDUPLICATION = 5 * 60_000;

/** The longest that a message is hidden, from its receipt on, seconds. */
const LONGEST_HIDDEN = 43_200;

/** The most messages of one request. */
const MOST = 10;

/**
 * A queue in memory that promises what SQS promises and nothing more. Standard: at least once, in any order. FIFO: a
 * group's messages in order, none while one of them is in flight; a group takes a deduplication id once in five minutes,
 * as the gateway's queues are set up.
 */
export class ModelQueue {
  private messages: Stored[] = [];
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
      const entries = command.input.Entries ?? [];
      checkBatch(entries.map(({ Id = "" }) => Id));
      for (const { MessageBody = "", MessageGroupId = "", MessageDeduplicationId } of entries) {
        this.send(MessageBody, MessageGroupId, MessageDeduplicationId);
      }
      return { Successful: entries.map(({ Id }) => ({ Id })), Failed: [] };
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
      const key = `${group} ${deduplication}`;
      if (now < (this.seen.get(key) ?? Number.NEGATIVE_INFINITY) + DEDUPLICATION) return;
      this.seen.set(key, now);
    }
    this.put(`m${++this.count}`, body, group, now, 0);
    if (!this.settings.fifo && this.manners.duplicates()) this.put(`m${this.count}`, body, group, now, 0);
  }

  receive(most: number, visibilityTimeout = this.settings.visibilityTimeout): readonly Received[] {
    if (most < 1 || most > MOST) throw invalid(`1 to ${MOST} messages, not ${most}`);
    this.forget();
    const found: Received[] = [];
    const candidates = this.candidates();
    while (found.length < most) {
      const message = this.next(candidates);
      if (!message) break;
      message.count++;
      message.receipt = `${message.id}/${message.count}/${++this.count}`;
      message.receivedAt = this.now();
      message.visibleAt = this.now() + visibilityTimeout * 1000;
      const { id, body, group, receipt, count } = message;
      found.push({ id, body, group, receipt, count });
      this.announce(message.visibleAt);
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
    this.messages.splice(this.messages.indexOf(message), 1);
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
    message.visibleAt = this.now() + seconds * 1000;
    this.announce(message.visibleAt);
  }

  /** An operator empties it. */
  purge(): void {
    this.messages = [];
  }

  /** An operator moves everything to another queue. */
  moveTo(other: ModelQueue): void {
    this.forget();
    const moved = this.messages.filter(({ visibleAt }) => visibleAt <= this.now());
    this.messages = this.messages.filter((message) => !moved.includes(message));
    for (const { body, group } of moved) other.send(body, group);
  }

  /** The bodies of all its messages, the hidden ones included. */
  bodies(): readonly string[] {
    return this.messages.map(({ body }) => body);
  }

  /** What is older than the queue keeps is gone, in flight or not. */
  private forget(): void {
    const oldest = this.now() - this.settings.retention * 1000;
    this.messages = this.messages.filter(({ sentAt }) => sentAt > oldest);
  }

  /** What can be handed out: several messages of a group together, but none while others of it are in flight. */
  private candidates(): Set<Stored> {
    const now = this.now();
    const hidden = this.messages.filter(({ visibleAt }) => visibleAt > now);
    const blocked = new Set(this.settings.fifo ? hidden.map(({ group }) => group) : []);
    return new Set(this.messages.filter(({ visibleAt, group }) => visibleAt <= now && !blocked.has(group)));
  }

  /** Takes the next one out of the candidates; those that were received too often go elsewhere. */
  private next(candidates: Set<Stored>): Stored | undefined {
    const { redrive, fifo } = this.settings;
    for (;;) {
      const ready = fifo ? heads(candidates) : [...candidates];
      const message = ready[ready.length > 1 ? this.manners.chooses(ready.length) : 0];
      if (!message) return undefined;
      candidates.delete(message);
      if (!redrive || message.count < redrive.maxReceiveCount) return message;
      this.messages.splice(this.messages.indexOf(message), 1);
      redrive.to.take(message);
    }
  }

  /** The message that a receipt, of now or of old, is about. */
  private holderOf(receipt: string): Stored | undefined {
    const [, id] = /^(m\d+)\/\d+\/\d+$/.exec(receipt) ?? [];
    if (id === undefined) throw new ReceiptHandleIsInvalid({ message: "no receipt handle", $metadata: {} });
    // A standard queue may have the message twice.
    return this.messages.find((one) => one.receipt === receipt) ?? this.messages.find((one) => one.id === id);
  }

  /** Takes a message that another queue has given up. */
  private take({ id, body, group, sentAt, count }: Stored): void {
    // A FIFO queue counts the time it keeps a message anew. Receipts are counted "across all queues":
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
    this.put(id, body, group, this.settings.fifo ? this.now() : sentAt, count);
  }

  private put(id: string, body: string, group: string, sentAt: number, count: number): void {
    const now = this.now();
    this.messages.push({ id, body, group, sentAt, receivedAt: now, visibleAt: now, count, receipt: undefined });
    this.announce(now);
  }

  private announce(visibleAt: number): void {
    for (const listener of this.listeners) listener(visibleAt);
  }

  private attributes(): Record<string, string> {
    this.forget();
    const visible = this.messages.filter(({ visibleAt }) => visibleAt <= this.now()).length;
    return {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(this.messages.length - visible),
      ApproximateNumberOfMessagesDelayed: "0",
    };
  }
}

/** The first message of each group. */
function heads(messages: Iterable<Stored>): readonly Stored[] {
  const groups = new Set<string>();
  return [...messages].filter(({ group }) => {
    const first = !groups.has(group);
    groups.add(group);
    return first;
  });
}

function checkBatch(ids: readonly string[]): void {
  const refuse = (name: string) => serviceError(name, `a batch of ${ids.length} messages`);
  if (ids.length === 0) throw refuse("EmptyBatchRequest");
  if (ids.length > MOST) throw refuse("TooManyEntriesInBatchRequest");
  if (new Set(ids).size < ids.length) throw refuse("BatchEntryIdsNotDistinct");
}

function invalid(message: string): Error {
  return serviceError("InvalidParameterValue", message);
}
