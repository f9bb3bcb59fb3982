import type { Hook } from "../../domain/Hook.ts";
import type { UnreadRow } from "../readRows.ts";
import type { HookTarget, Target, Verb } from "./Operation.ts";

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

/** A hook as what is acted on. */
export function hookTarget({ session, provider }: Hook): HookTarget {
  return { session, provider };
}

/** What a plan tells of a hook. */
export function hookFact({ provider, deadAt, createdAt }: Hook): Fact {
  return { at: deadAt ?? createdAt, whose: provider };
}

/** What a verb acts on, in one word. */
export type Noun = "hook" | "reply" | "message";

/** What a bulk action acts on. A replay makes hooks. */
export function nounOf(verb: Verb): Noun {
  if (verb === "send-replies" || verb === "discard-replies") return "reply";
  return verb === "redrive-inbound" || verb === "discard-inbound" ? "message" : "hook";
}

/** Whether a verb gives something up, which takes a reason. */
export function isDiscard(verb: Verb): boolean {
  return verb === "discard" || verb === "discard-replies" || verb === "discard-inbound";
}

/** Whether a verb has an outcome that can be waited for, so that some can be tried first. Of a message SQS does not tell. */
export function hasCanary(verb: Verb): boolean {
  return verb === "redrive" || verb === "forward" || verb === "replay" || verb === "send-replies";
}
