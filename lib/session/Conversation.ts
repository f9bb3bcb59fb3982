import * as z from "zod/mini";
import { END_REASONS } from "./EndReason.ts";

/**
 * The item that makes a session live by naming it. Every boundary is one conditional write on it. Every write changes
 * `lease.id`, which so serves as the item's version. Times in milliseconds since the epoch unless noted.
 */
export const conversationSchema = z.object({
  session: z.string(),
  startedAt: z.number(),
  /** The turn whose claim started the session: a retry of that turn doesn't start another. */
  startedBy: z.string(),
  /** A message received before it belongs to the session. Epoch seconds: it is DynamoDB's TTL. Absent: never. */
  expiresAt: z.exactOptional(z.number()),
  /** The day's end or the maximum age, when `expiresAt` may lie behind it for a running turn. No message goes beyond it. */
  endsAt: z.exactOptional(z.number()),
  expiresWhy: z.exactOptional(z.enum(["idle", "daily", "max-age", "api"])),
  lastActivityAt: z.number(),
  lease: z.object({
    id: z.string(),
    /** The turn that is being made. The lease is free once that turn is stored. */
    turn: z.string(),
    until: z.number(),
    /** 1 for the turn's first claim: counts the attempts that crashed, too. */
    attempt: z.number(),
  }),
  /** The session before, so that the user and the agent can be told. */
  previous: z.exactOptional(z.object({ session: z.string(), reason: z.exactOptional(z.enum(END_REASONS)) })),
  /** Stands until the next claim after a boundary: the stream's filter lets only such writes through to sealing. */
  ended: z.exactOptional(z.string()),
  origin: z.enum(["chat", "scheduled"]),
});

export type Conversation = z.infer<typeof conversationSchema>;
