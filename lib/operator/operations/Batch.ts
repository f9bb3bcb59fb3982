import type { Hook } from "../../hooks/Hook.ts";
import type { UnreadRow } from "../parseRows.ts";
import type { Target } from "./Operation.ts";

/** Some of what a bulk action is for. */
export interface Batch {
  /** What there is to act on. */
  readonly targets: readonly Target[];
  /** The same, as a plan tells of it. */
  readonly facts: readonly Fact[];
  /** The hooks among them, whose errors a plan groups. */
  readonly hooks?: readonly Hook[];
  /** How many are left out, by why. */
  readonly skipped?: Readonly<Record<string, number>>;
  /** Rows that could not be read. */
  readonly unread?: readonly UnreadRow[];
  /** Acts; answers those that were still what was seen, and are done now. */
  act(): Promise<readonly Target[]>;
  /** The cursor of the batch behind; absent: there is none, or it is found without one. */
  readonly next?: string;
}

/** What a plan tells of one of them. */
export interface Fact {
  /** When it died, was sealed, failed or was accepted, milliseconds since the epoch; undefined: that can't be told. */
  readonly at: number | undefined;
  /** Whose it is: the provider's name of a hook, the platform's of a reply or message. */
  readonly whose: string;
}

/** How batches are read. */
export interface BatchOptions {
  /** Of a batch at the most. */
  readonly page: number;
  /** The `next` of an earlier batch. */
  readonly cursor?: string | undefined;
}
