import type { ModelQueue } from "./ModelQueue.ts";

/** A queue's settings, times in seconds. */
export interface QueueSettings {
  readonly fifo: boolean;
  readonly visibilityTimeout: number;
  readonly retention: number;
  readonly redrive?: { readonly to: ModelQueue; readonly maxReceiveCount: number };
}

/** What SQS leaves open, decided by whoever plays it. */
export interface QueueBehaviour {
  /** Whether a standard queue takes this message twice. */
  duplicates(): boolean;
  /** Whether a batch is taken without one of its messages. */
  refuses(): boolean;
  /** Which of so many visible messages a standard queue hands out next: from 0. */
  chooses(count: number): number;
}
