import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  MessageNotInflight,
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
  visibleAt: number;
  count: number;
  receipt: string | undefined;
}

/** A FIFO queue forgets a deduplication id after five minutes, milliseconds. */
const DEDUPLICATION = 5 * 60_000;

/**
 * A queue in memory that promises what SQS promises and nothing more. Standard: at least once, in any order. FIFO: a
 * group's messages in order, none while one of them is in flight; a deduplication id once in five minutes.
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
    const found: Stored[] = [];
    while (found.length < most) {
      const message = this.next();
      if (!message) break;
      message.count++;
      // One answer has it once, even if it stays visible.
      message.visibleAt = Number.POSITIVE_INFINITY;
      found.push(message);
    }
    return found.map((message) => {
      const receipt = `${message.id}/${message.count}/${++this.count}`;
      message.receipt = receipt;
      message.visibleAt = this.now() + visibilityTimeout * 1000;
      this.announce(message.visibleAt);
      const { id, body, group, count } = message;
      return { id, body, group, receipt, count };
    });
  }

  /** With an old receipt the request succeeds and the message stays, as SQS says it may. */
  delete(receipt: string): void {
    const at = this.messages.findIndex((message) => message.receipt === receipt);
    const [deleted] = at < 0 ? [] : this.messages.splice(at, 1);
    if (deleted) this.announce(this.now());
  }

  changeVisibility(receipt: string, seconds: number): void {
    const message = this.messages.find((one) => one.receipt === receipt);
    if (!message || message.visibleAt <= this.now()) {
      throw new MessageNotInflight({ message: "the message is not in flight", $metadata: {} });
    }
    if (seconds < 0 || seconds > 43_200) throw serviceError("InvalidParameterValue", `0 to 43200, not ${seconds}`);
    message.visibleAt = this.now() + seconds * 1000;
    this.announce(message.visibleAt);
  }

  /** An operator empties it. */
  purge(): void {
    this.messages = [];
  }

  /** An operator moves everything to another queue. */
  moveTo(other: ModelQueue): void {
    const moved = this.messages.filter(({ visibleAt }) => visibleAt <= this.now());
    this.messages = this.messages.filter((message) => !moved.includes(message));
    for (const { body, group } of moved) other.send(body, group);
  }

  /** The bodies of all its messages, the hidden ones included. */
  bodies(): readonly string[] {
    return this.messages.map(({ body }) => body);
  }

  private next(): Stored | undefined {
    const now = this.now();
    const { redrive, retention, fifo } = this.settings;
    this.messages = this.messages.filter(({ sentAt }) => now - sentAt <= retention * 1000);
    for (;;) {
      const ready = fifo ? this.heads(now) : this.messages.filter(({ visibleAt }) => visibleAt <= now);
      const message = ready[ready.length > 1 ? this.manners.chooses(ready.length) : 0];
      if (!message || !redrive || message.count < redrive.maxReceiveCount) return message;
      this.messages.splice(this.messages.indexOf(message), 1);
      redrive.to.put(message.id, message.body, message.group, message.sentAt, 0);
    }
  }

  /** The first message of each group, where it is visible. */
  private heads(now: number): readonly Stored[] {
    const groups = new Set<string>();
    return this.messages.filter(({ group, visibleAt }) => {
      const first = !groups.has(group);
      groups.add(group);
      return first && visibleAt <= now;
    });
  }

  private put(id: string, body: string, group: string, sentAt: number, count: number): void {
    this.messages.push({ id, body, group, sentAt, visibleAt: this.now(), count, receipt: undefined });
    this.announce(this.now());
  }

  private announce(visibleAt: number): void {
    for (const listener of this.listeners) listener(visibleAt);
  }

  private attributes(): Record<string, string> {
    const visible = this.messages.filter(({ visibleAt }) => visibleAt <= this.now()).length;
    return {
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(this.messages.length - visible),
      ApproximateNumberOfMessagesDelayed: "0",
    };
  }
}
