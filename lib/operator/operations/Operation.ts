import * as v from "valibot";

/**
 * What bulk actions do. The first four are for hooks, of which `restore` undoes `discard`; `replay` is for sessions. The
 * others say what they are for: replies that did not arrive, and the messages of the inbound dead-letter queue.
 */
export const VERBS = [
  ...(["redrive", "forward", "discard", "restore", "replay"] as const),
  ...(["send-replies", "discard-replies", "redrive-inbound", "discard-inbound"] as const),
] as const;

export type Verb = (typeof VERBS)[number];

/** Which rows a bulk action is for. */
export const scopeSchema = v.object({
  verb: v.picklist(VERBS),
  /** A filter of what the verb is for. */
  filter: v.string(),
  /** Of `replay`: the provider that gets the sessions, by its name in the config. */
  provider: v.exactOptional(v.string()),
  /** Of `replay`: also sessions that the provider has acknowledged already. */
  again: v.exactOptional(v.boolean()),
  /** When it was planned: what came later is not in it. Milliseconds since the epoch. */
  before: v.number(),
});

export type Scope = v.InferOutput<typeof scopeSchema>;

const hookTargetSchema = v.object({ session: v.string(), provider: v.string() });

/** One hook. */
export type HookTarget = v.InferOutput<typeof hookTargetSchema>;

const replyTargetSchema = v.object({ session: v.string(), turn: v.string(), failedAt: v.number() });

/** One failed reply: its turn's sort key, and which failure is meant. */
export type ReplyTarget = v.InferOutput<typeof replyTargetSchema>;

/** What is acted on; a message by the queue's id. */
export type Target = HookTarget | ReplyTarget | { readonly letter: string };

/** A bulk action as the table has it: any operator's process can look at it, cancel it or take it up. Times in milliseconds. */
export const operationSchema = v.object({
  id: v.string(),
  /** By which people call it. */
  name: v.string(),
  ...scopeSchema.entries,
  who: v.string(),
  why: v.exactOptional(v.string()),
  createdAt: v.number(),
  /** How many were planned. */
  count: v.number(),
  /** So many are tried first; the others wait for their outcome. 0: none. */
  canary: v.number(),
  /** The most of them a second. Absent: as fast as it goes. */
  rate: v.exactOptional(v.number()),
  /** `halted`: the canary failed, and nothing goes on unless an operator resumes it. */
  status: v.picklist(["running", "halted", "cancelled", "done"]),
  /** Why it was halted. */
  reason: v.exactOptional(v.string()),
  /** Those acted on; and those that were not what the plan saw any more, as somebody else had been faster. */
  done: v.number(),
  left: v.number(),
  /** Letters that were taken off the dead-letter queue in the end, as they report no present death. */
  cleared: v.exactOptional(v.number()),
  /** How far through the list it is. */
  cursor: v.exactOptional(v.string()),
  /** The canary, and when they were tried. */
  tried: v.exactOptional(
    v.object({ at: v.number(), targets: v.array(v.union([hookTargetSchema, replyTargetSchema])), passed: v.boolean() }),
  ),
  /** The process that works on it. */
  lease: v.exactOptional(v.object({ id: v.string(), until: v.number() })),
  endedAt: v.exactOptional(v.number()),
});

export type Operation = v.InferOutput<typeof operationSchema>;
