import { buildApp } from "fauxqs";

/** A message attribute as the API writes it; binary values are base64. */
export interface MessageAttribute {
  DataType: string;
  StringValue?: string | undefined;
  BinaryValue?: string | undefined;
}

/** A message as fauxqs keeps it; times are milliseconds. The last two fields are ours. */
export interface Message {
  messageId: string;
  body: string;
  md5OfBody: string;
  messageAttributes: Record<string, MessageAttribute>;
  md5OfMessageAttributes: string;
  sentTimestamp: number;
  approximateReceiveCount: number;
  approximateFirstReceiveTimestamp?: number | undefined;
  delayUntil?: number | undefined;
  messageGroupId?: string | undefined;
  messageDeduplicationId?: string | undefined;
  sequenceNumber?: string | undefined;
  /** The queue that dead-lettered it. */
  deadLetterSourceArn?: string | undefined;
  /** The handle of its latest receive, kept after the visibility timeout: a late delete still works on AWS. */
  lastReceiptHandle?: string | undefined;
}

/** A message that a consumer holds. */
export interface Inflight {
  message: Message;
  receiptHandle: string;
  visibilityDeadline: number;
}

/** The calls by which fauxqs writes through to disk; `QueueFile` implements them. */
export interface Persistence {
  insertQueue(queue: FauxqsQueue): void;
  deleteQueue(name: string): void;
  updateQueueAttributes(name: string, attributes: Record<string, string>, modified: number): void;
  updateQueueSequenceCounter(name: string, counter: number): void;
  insertMessage(queueName: string, message: Message): void;
  deleteMessage(messageId: string): void;
  updateMessageInflight(
    messageId: string,
    receiptHandle: string,
    deadline: number,
    count: number,
    first: number | undefined,
  ): void;
  updateMessageReady(messageId: string): void;
  deleteQueueMessages(queueName: string): void;
}

/** What we use of fauxqs' `SqsQueue`. */
export interface FauxqsQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  createdTimestamp: number;
  lastModifiedTimestamp: number;
  attributes: Record<string, string>;
  tags: Map<string, string>;
  messages: Message[];
  delayedMessages: Message[];
  inflightMessages: Map<string, Inflight>;
  fifoMessages: Map<string, Message[]>;
  fifoDelayed: Map<string, Message[]>;
  /** Group id to the number of its messages in flight. */
  fifoLockedGroups: Map<string, number>;
  sequenceCounter: number;
  persistence?: Persistence;
  isFifo(): boolean;
  setAttributes(attributes: Record<string, string>): void;
  enqueue(message: Message): void;
  deleteMessage(receiptHandle: string): boolean;
  changeVisibility(receiptHandle: string, seconds: number): void;
  processTimers(): void;
  purge(): void;
  waitForMessages(seconds: number): Promise<void>;
  nextSequenceNumber(): string;
  hasAvailableFifoMessages(): boolean;
  notifyWaiters(): void;
}

/** What we use of fauxqs' `SqsStore`; its three maps index the same queues. */
export interface FauxqsStore {
  /** Put into the URL of a new queue; empty: the host of the request. */
  host: string;
  queues: Map<string, FauxqsQueue>;
  queuesByName: Map<string, FauxqsQueue>;
  queuesByArn: Map<string, FauxqsQueue>;
  createQueue(
    name: string,
    url: string,
    arn: string,
    attributes?: Record<string, string>,
    tags?: Record<string, string>,
  ): FauxqsQueue;
  getQueue(url: string): FauxqsQueue | undefined;
  getQueueByArn(arn: string): FauxqsQueue | undefined;
}

interface StoreModule {
  SqsQueue: new (
    name: string,
    url: string,
    arn: string,
    attributes?: Record<string, string>,
    tags?: Record<string, string>,
  ) => FauxqsQueue;
  SqsStore: { new (): FauxqsStore; createMessage(body: string, attributes: Record<string, MessageAttribute>): Message };
}

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>["stores"]>;

// fauxqs exports its HTTP application only. The version is pinned exactly, and its classes lie beside its entry point.
async function internal<T>(path: string, names: readonly (keyof T & string)[]): Promise<T> {
  const module = await import(new URL(path, import.meta.resolve("fauxqs")).href);
  for (const name of names) {
    if (typeof module[name] !== "function") {
      throw new TypeError(
        `fauxqs has no ${name} in dist/${path}: emulators/sqs is written for fauxqs 2.4.1, install that`,
      );
    }
  }
  return module;
}

const { SqsQueue, SqsStore } = await internal<StoreModule>("sqs/sqsStore.js", ["SqsQueue", "SqsStore"]);

const { SnsStore } = await internal<{ SnsStore: new () => Stores["snsStore"] }>("sns/snsStore.js", ["SnsStore"]);

const { S3Store } = await internal<{ S3Store: new () => Stores["s3Store"] }>("s3/s3Store.js", ["S3Store"]);

const { md5OfMessageAttributes } = await internal<{
  md5OfMessageAttributes(attributes: Record<string, MessageAttribute>): string;
}>("common/md5.js", ["md5OfMessageAttributes"]);

/** The parts of fauxqs that this emulator builds on, its internals in narrow types. */
export const fauxqs = {
  SqsQueue,
  SqsStore,
  md5OfMessageAttributes,
  /** The HTTP application over `store`, silent. */
  buildApp(store: FauxqsStore) {
    // The real type has private members, so a narrower view of the same class has to be cast back.
    const sqsStore = store as unknown as Stores["sqsStore"];
    return buildApp({ logger: false, stores: { sqsStore, snsStore: new SnsStore(), s3Store: new S3Store() } });
  },
};
