import * as v from "valibot";
import { jsonSchema } from "./json.ts";

/** Why a session is not given to a provider. */
const SKIP_REASONS = ["memory-off", "scheduled", "no-turns"] as const;

/** One attempt at a delivery, as the ledger keeps it. */
const attemptSchema = v.object({
  /** When it began, milliseconds since the epoch. */
  at: v.number(),
  /** How long it took, milliseconds. */
  took: v.number(),
  /** A `FailureKind`, or `bug` for an error that is not Vesper's own. */
  kind: v.string(),
  /** The HTTP status, where there was one. */
  status: v.exactOptional(v.number()),
  message: v.string(),
  /** The head of the other side's answer. */
  body: v.exactOptional(v.string()),
});

/** What was taken out of a transcript before it left: how many of each. */
const cleanedSchema = v.object({ credentials: v.number(), recited: v.number() });

export type Cleaned = v.InferOutput<typeof cleanedSchema>;

/** A row of the ledger: the delivery of one sealed session to one memory provider. Times in milliseconds since the epoch. */
export const hookSchema = v.object({
  session: v.string(),
  /** The conversation's key. */
  conversation: v.string(),
  /** The provider's name in the config. */
  provider: v.string(),
  /** `delivered` is set by the provider's acknowledgement and by nothing else. */
  status: v.picklist(["pending", "delivered", "skipped", "dead"]),
  skipped: v.exactOptional(v.picklist(SKIP_REASONS)),
  /** When the session was sealed. */
  createdAt: v.number(),
  /**
   * Begun attempts since the row was made or redriven; crashed ones count. While the provider works on the session: how often
   * it was asked since it last answered.
   */
  attempts: v.number(),
  /** The last failures, oldest first. */
  failures: v.array(attemptSchema),
  nextAttemptAt: v.number(),
  /** Its job is off the queue until the next attempt is due, when the sweep enqueues it. */
  isDeferred: v.exactOptional(v.boolean()),
  lease: v.exactOptional(v.object({ id: v.string(), until: v.number() })),
  receipt: v.exactOptional(
    v.object({
      id: v.exactOptional(v.string()),
      status: v.exactOptional(v.number()),
      body: v.exactOptional(v.string()),
      /** What the provider did not get. Absent: it got every word. */
      cleaned: v.exactOptional(cleanedSchema),
    }),
  ),
  /**
   * The provider has taken the session and works on it: it is asked what became of it, and the hook is not delivered before
   * it says so. Stands on a `pending` one, on one that died as it could not be asked, and on such ones that were discarded.
   */
  accepted: v.exactOptional(
    v.object({
      /** Attempts that had been begun by then. */
      attempts: v.number(),
      /** What the adapter needs to ask, as JSON. */
      ticket: v.string(),
      /** When the provider last said that it works on it. */
      heardAt: v.number(),
    }),
  ),
  /** When the provider accepted it. Stays when it is delivered. */
  acceptedAt: v.exactOptional(v.number()),
  deliveredAt: v.exactOptional(v.number()),
  deadAt: v.exactOptional(v.number()),
  /** How often an operator has revived it. */
  redrives: v.number(),
  /** When, oldest first. */
  redrivenAt: v.exactOptional(v.array(v.number())),
  /** Stands on a `skipped` one that an operator gave up: `was` is what an undo makes of it again. */
  discarded: v.exactOptional(
    v.object({ at: v.number(), by: v.string(), why: v.string(), was: v.picklist(["pending", "dead"]) }),
  ),
  /** How often the sweep had to enqueue it again. */
  enqueues: v.number(),
  /** When it last did. */
  enqueuedAt: v.exactOptional(v.number()),
  /** What the provider's adapter stored to go on from. */
  checkpoint: v.exactOptional(jsonSchema),
});

export type Hook = v.InferOutput<typeof hookSchema>;

export type HookAttempt = v.InferOutput<typeof attemptSchema>;

export type SkipReason = (typeof SKIP_REASONS)[number];
