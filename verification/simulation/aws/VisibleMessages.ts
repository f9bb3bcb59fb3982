/** A message on a queue of the model; times in milliseconds since the epoch. */
export interface Stored {
  /** The queue's own for it: a message that a standard queue took twice has two. */
  readonly number: number;
  readonly id: string;
  readonly body: string;
  readonly group: string;
  readonly sentAt: number;
  /** Of its first receive; undefined before it. */
  firstReceivedAt: number | undefined;
  /** Of its latest receive. */
  receivedAt: number;
  visibleAt: number;
  count: number;
  receipt: string | undefined;
}

/** How a queue finds which of its messages it may hand out. */
export interface VisibleMessages {
  put(message: Stored): void;
  remove(message: Stored): void;
  /** A request for messages begins: what is visible by now can be handed out. */
  open(now: number): void;
  /** Those that can be handed out next by the request that was opened last. */
  ready(): readonly Stored[];
  /** It is handed out, or its time in flight is changed: `visibleAt` says until when no other request gets it. */
  hide(message: Stored): void;
}
