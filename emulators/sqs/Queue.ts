import { DedupWindow } from "./DedupWindow.ts";
import { type FauxqsQueue, fauxqs, type Inflight, type Message } from "./fauxqs.ts";
import type { StoredQueue } from "./queueRows.ts";
import { receiptHandle } from "./receiptHandle.ts";
import { redrivePolicy } from "./redrivePolicy.ts";

const DEFAULT_GROUP = "__default";

/** Messages that nobody holds. */
export interface Waiting {
  readonly visible: number;
  readonly delayed: number;
}

/**
 * A queue of fauxqs with what AWS does beyond it: several messages of a FIFO group in one receive, groups that take
 * turns, retention, atomic dead-lettering that records its source, and deletes with a handle whose time is over.
 * Every decision about time reads `Date.now()` when it is made; no timer decides.
 */
export class Queue extends fauxqs.SqsQueue {
  readonly dedup = new DedupWindow();

  /**
   * Hands out up to `max` visible messages and hides them for `seconds` (default: the queue's attribute).
   * Messages that have been received `maxReceiveCount` times go to the dead-letter queue that `find` gives.
   */
  receive(max: number, seconds: number | undefined, find: (arn: string) => FauxqsQueue | undefined): Inflight[] {
    this.settle();
    const deadline = Date.now() + (seconds ?? Number(this.attributes.VisibilityTimeout)) * 1000;
    const policy = redrivePolicy(this.attributes.RedrivePolicy);
    const deadLetters = policy && find(policy.deadLetterTargetArn);
    const taken: Inflight[] = [];
    const takeFrom = (messages: Message[]) => {
      while (taken.length < max) {
        const message = messages.shift();
        if (!message) return;
        if (deadLetters && message.approximateReceiveCount >= policy.maxReceiveCount) {
          this.deadLetter(message, deadLetters);
        } else {
          taken.push(this.hide(message, deadline));
        }
      }
    };
    if (!this.isFifo()) {
      takeFrom(this.messages);
      return taken;
    }
    for (const [group, messages] of [...this.fifoMessages]) {
      if (taken.length >= max) break;
      if (this.fifoLockedGroups.has(group)) continue;
      const before = taken.length;
      takeFrom(messages);
      if (taken.length > before) this.fifoLockedGroups.set(group, taken.length - before);
      // To the end of the map: the groups take turns, none starves behind a long one.
      this.fifoMessages.delete(group);
      if (messages.length > 0) this.fifoMessages.set(group, messages);
    }
    return taken;
  }

  /** Lets happen what time has brought: ends of retention, of visibility timeouts and of delays. */
  settle(): void {
    this.expire(Date.now());
    this.processTimers();
  }

  /**
   * Ends visibility timeouts and delays. fauxqs also calls it every 20 ms while a long poll waits, from a timer where an
   * exception would end the process: so it writes nothing. A deadline on disk that has passed says the same.
   */
  override processTimers(): void {
    const now = Date.now();
    for (const entry of [...this.inflightMessages.values()]) {
      if (entry.visibilityDeadline <= now) this.release(entry);
    }
    const due = (message: Message) => message.delayUntil === undefined || message.delayUntil <= now;
    this.messages = this.messages.concat(this.delayedMessages.filter(due));
    this.delayedMessages = this.delayedMessages.filter((message) => !due(message));
    for (const [group, messages] of [...this.fifoDelayed]) {
      for (const message of messages.filter(due)) this.intoGroup(message);
      const rest = messages.filter((message) => !due(message));
      if (rest.length > 0) this.fifoDelayed.set(group, rest);
      else this.fifoDelayed.delete(group);
    }
    if (this.isFifo() ? this.hasAvailableFifoMessages() : this.messages.length > 0) this.notifyWaiters();
  }

  /** Sets when a message in flight shows again; 0 at once. An unknown handle changes nothing. */
  override changeVisibility(receiptHandle: string, seconds: number): void {
    const entry = this.inflightMessages.get(receiptHandle);
    if (!entry) return;
    if (seconds > 0) {
      super.changeVisibility(receiptHandle, seconds);
      return;
    }
    this.release(entry);
    this.persistence?.updateMessageReady(entry.message.messageId);
    this.notifyWaiters();
  }

  /** Deletes by handle. On a standard queue the latest handle works even after its visibility timeout, as on AWS. */
  override deleteMessage(receiptHandle: string): boolean {
    if (super.deleteMessage(receiptHandle)) return true;
    if (this.isFifo()) return false;
    const index = this.messages.findIndex((message) => message.lastReceiptHandle === receiptHandle);
    const [late] = index < 0 ? [] : this.messages.splice(index, 1);
    if (late) this.persistence?.deleteMessage(late.messageId);
    return late !== undefined;
  }

  /** The visible messages, in the order of the next receives. */
  visible(): Message[] {
    this.settle();
    return this.isFifo() ? [...this.fifoMessages.values()].flat() : [...this.messages];
  }

  /** How many messages the next receives could hand out now, and how many are delayed. */
  waiting(): Waiting {
    this.settle();
    const groups = [...this.fifoMessages].filter(([group]) => !this.fifoLockedGroups.has(group));
    const count = (lists: Iterable<readonly Message[]>) => [...lists].reduce((sum, { length }) => sum + length, 0);
    return {
      visible: this.messages.length + count(groups.map(([, messages]) => messages)),
      delayed: this.delayedMessages.length + count(this.fifoDelayed.values()),
    };
  }

  /** Whether the queue still has this message, visible or in flight. */
  holds(messageId: string): boolean {
    const same = (message: Message) => message.messageId === messageId;
    return this.visible().some(same) || [...this.inflightMessages.values()].some((entry) => same(entry.message));
  }

  /** Takes a visible message out, in memory and on disk. */
  remove(message: Message): void {
    const list = this.isFifo() ? this.fifoMessages.get(groupOf(message)) : this.messages;
    const index = list?.indexOf(message) ?? -1;
    if (index >= 0) list?.splice(index, 1);
    if (list?.length === 0) this.fifoMessages.delete(groupOf(message));
    this.persistence?.deleteMessage(message.messageId);
  }

  /** Holds what is on disk and nothing else; those who wait for messages go on waiting. */
  refill({ sequence, messages, dedup }: Pick<StoredQueue, "sequence" | "messages" | "dedup">): void {
    const { persistence } = this;
    // Nothing is written meanwhile: the rows are there already.
    delete this.persistence;
    this.sequenceCounter = sequence;
    this.messages = [];
    this.delayedMessages = [];
    for (const map of [this.inflightMessages, this.fifoMessages, this.fifoDelayed, this.fifoLockedGroups]) map.clear();
    for (const { message, handle, deadline } of messages) this.restore(message, handle, deadline);
    this.dedup.refill(dedup);
    if (persistence) this.persistence = persistence;
  }

  /** Puts a message back to where its last run left it: in flight when `handle` and `deadline` are given. */
  private restore(message: Message, handle: string | undefined, deadline: number | undefined): void {
    if (handle !== undefined && deadline !== undefined) {
      this.inflightMessages.set(handle, { message, receiptHandle: handle, visibilityDeadline: deadline });
      if (this.isFifo()) this.lock(groupOf(message), 1);
      return;
    }
    message.lastReceiptHandle = handle;
    this.enqueue(message);
  }

  private hide(message: Message, visibilityDeadline: number): Inflight {
    message.approximateReceiveCount += 1;
    message.approximateFirstReceiveTimestamp ??= Date.now();
    const handle = receiptHandle.make(message.messageId, Date.now());
    const entry = { message, receiptHandle: handle, visibilityDeadline };
    this.inflightMessages.set(handle, entry);
    this.persistence?.updateMessageInflight(
      message.messageId,
      handle,
      visibilityDeadline,
      message.approximateReceiveCount,
      message.approximateFirstReceiveTimestamp,
    );
    return entry;
  }

  private release({ receiptHandle, message }: Inflight): void {
    this.inflightMessages.delete(receiptHandle);
    message.lastReceiptHandle = receiptHandle;
    if (!this.isFifo()) {
      this.messages.push(message);
      return;
    }
    this.lock(groupOf(message), -1);
    this.intoGroup(message);
  }

  private lock(group: string, change: 1 | -1): void {
    const count = (this.fifoLockedGroups.get(group) ?? 0) + change;
    if (count > 0) this.fifoLockedGroups.set(group, count);
    else this.fifoLockedGroups.delete(group);
  }

  private intoGroup(message: Message): void {
    const messages = this.fifoMessages.get(groupOf(message)) ?? [];
    // Several of a group may come back in any order; sequence numbers have 20 digits, so text order is their order.
    const at = messages.findIndex((other) => (other.sequenceNumber ?? "") > (message.sequenceNumber ?? ""));
    messages.splice(at < 0 ? messages.length : at, 0, message);
    this.fifoMessages.set(groupOf(message), messages);
  }

  private deadLetter(message: Message, target: FauxqsQueue): void {
    message.deadLetterSourceArn = this.arn;
    message.delayUntil = undefined;
    message.lastReceiptHandle = undefined;
    if (target.isFifo()) {
      // AWS: on the way into a FIFO dead-letter queue the message id becomes the deduplication id, and retention restarts
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
      message.messageDeduplicationId = message.messageId;
      message.sentTimestamp = Date.now();
      message.sequenceNumber = target.nextSequenceNumber();
    }
    // The row is keyed by message id: writing it under the other queue moves it in one statement.
    target.enqueue(message);
  }

  private expire(now: number): void {
    const oldest = now - Number(this.attributes.MessageRetentionPeriod) * 1000;
    const old = (message: Message) => message.sentTimestamp <= oldest;
    const drop = (messages: Message[]) => {
      if (!messages.some(old)) return messages;
      for (const message of messages.filter(old)) this.persistence?.deleteMessage(message.messageId);
      return messages.filter((message) => !old(message));
    };
    for (const { receiptHandle, message } of [...this.inflightMessages.values()]) {
      if (old(message)) this.deleteMessage(receiptHandle);
    }
    this.messages = drop(this.messages);
    this.delayedMessages = drop(this.delayedMessages);
    for (const groups of [this.fifoMessages, this.fifoDelayed]) {
      for (const [group, messages] of [...groups]) {
        const rest = drop(messages);
        if (rest.length > 0) groups.set(group, rest);
        else groups.delete(group);
      }
    }
  }
}

function groupOf(message: Message): string {
  return message.messageGroupId ?? DEFAULT_GROUP;
}
