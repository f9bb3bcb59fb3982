import * as v from "valibot";

/** What bulk actions do. `restore` undoes `discard`. */
export const VERBS = ["redrive", "forward", "discard", "restore", "replay"] as const;

export type Verb = (typeof VERBS)[number];

/** Which rows a bulk action is for. */
export const scopeSchema = v.object({
  verb: v.picklist(VERBS),
  /** A filter of hooks; for `replay` of sessions. */
  filter: v.string(),
  /** Of `replay`: the provider that gets the sessions, by its name in the config. */
  provider: v.exactOptional(v.string()),
  /** Of `replay`: also sessions that the provider has acknowledged already. */
  again: v.exactOptional(v.boolean()),
  /** When it was planned: what came later is not in it. Milliseconds since the epoch. */
  before: v.number(),
});

export type Scope = v.InferOutput<typeof scopeSchema>;

const targetSchema = v.object({ session: v.string(), provider: v.string() });

/** One hook. */
export type Target = v.InferOutput<typeof targetSchema>;

/** A bulk action as the table has it: any operator's process can look at it, cancel it or take it up. Times in milliseconds. */
export const operationSchema = v.object({
  id: v.string(),
  /** By which people call it. */
  name: v.string(),
  ...scopeSchema.entries,
  who: v.string(),
  why: v.exactOptional(v.string()),
  createdAt: v.number(),
  /** How many hooks were planned. */
  count: v.number(),
  /** Hooks that are tried first; the others wait for their outcome. 0: none. */
  canary: v.number(),
  /** The most hooks a second. Absent: as fast as it goes. */
  rate: v.exactOptional(v.number()),
  /** `halted`: the canary failed, and nothing goes on unless an operator resumes it. */
  status: v.picklist(["running", "halted", "cancelled", "done"]),
  /** Why it was halted. */
  reason: v.exactOptional(v.string()),
  /** Hooks acted on; and those that were not what the plan saw any more, as somebody else had been faster. */
  done: v.number(),
  left: v.number(),
  /** Letters that were taken off the dead-letter queue in the end, as they report no present death. */
  cleared: v.exactOptional(v.number()),
  /** How far through the list it is. */
  cursor: v.exactOptional(v.string()),
  /** The canary's hooks, and when they were tried. */
  tried: v.exactOptional(v.object({ at: v.number(), targets: v.array(targetSchema), passed: v.boolean() })),
  /** The process that works on it. */
  lease: v.exactOptional(v.object({ id: v.string(), until: v.number() })),
  endedAt: v.exactOptional(v.number()),
});

export type Operation = v.InferOutput<typeof operationSchema>;
