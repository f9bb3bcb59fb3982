import * as z from "zod/mini";
import type { Json } from "../platforms/Platform.ts";

/** Why a session is not given to a provider. */
const SKIP_REASONS = ["memory-off", "scheduled", "no-turns"] as const;

/** One attempt at a delivery, as the ledger keeps it. */
const attemptSchema = z.object({
  /** When it began, milliseconds since the epoch. */
  at: z.number(),
  /** How long it took, milliseconds. */
  took: z.number(),
  /** A `FailureKind`, or `bug` for an error that is not Vesper's own. */
  kind: z.string(),
  /** The HTTP status, where there was one. */
  status: z.exactOptional(z.number()),
  message: z.string(),
  /** The head of the other side's answer. */
  body: z.exactOptional(z.string()),
});

/** A row of the ledger: the delivery of one sealed session to one memory provider. Times in milliseconds since the epoch. */
export const hookSchema = z.object({
  session: z.string(),
  /** The conversation's key. */
  conversation: z.string(),
  /** The provider's name in the config. */
  provider: z.string(),
  /** `delivered` is set by the provider's acknowledgement and by nothing else. */
  status: z.enum(["pending", "delivered", "skipped", "dead"]),
  skipped: z.exactOptional(z.enum(SKIP_REASONS)),
  /** When the session was sealed. */
  createdAt: z.number(),
  /** Begun attempts since the row was made or redriven; crashed ones count. */
  attempts: z.number(),
  /** The last failures, oldest first. */
  failures: z.array(attemptSchema),
  nextAttemptAt: z.number(),
  lease: z.exactOptional(z.object({ id: z.string(), until: z.number() })),
  receipt: z.exactOptional(
    z.object({
      id: z.exactOptional(z.string()),
      status: z.exactOptional(z.number()),
      body: z.exactOptional(z.string()),
    }),
  ),
  deliveredAt: z.exactOptional(z.number()),
  deadAt: z.exactOptional(z.number()),
  /** How often an operator has revived it. */
  redrives: z.number(),
  /** How often the sweep had to enqueue it again. */
  enqueues: z.number(),
  /** When it last did. */
  enqueuedAt: z.exactOptional(z.number()),
  /** What the provider's adapter stored to go on from. */
  checkpoint: z.exactOptional(z.json() as z.ZodMiniType<Json>),
});

export type Hook = z.infer<typeof hookSchema>;
export type HookAttempt = z.infer<typeof attemptSchema>;
export type SkipReason = (typeof SKIP_REASONS)[number];
