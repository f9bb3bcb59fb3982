import * as v from "valibot";
import { originSchema } from "./InboundMessage.ts";
import { END_REASONS } from "./Session.ts";

/**
 * The item that makes a session live by naming it. Every boundary is one conditional write on it. Every write changes
 * `lease.id`, which so serves as the item's version. Times in milliseconds since the epoch unless noted.
 */
export const conversationSchema = v.object({
  session: v.string(),
  startedAt: v.number(),
  /** The turn whose claim started the session: a retry of that turn doesn't start another. */
  startedBy: v.string(),
  /** A message received before it belongs to the session. Epoch seconds: it is DynamoDB's TTL. Absent: never. */
  expiresAt: v.exactOptional(v.number()),
  /** The day's end or the maximum age, when `expiresAt` may lie behind it for a running turn. No message goes beyond it. */
  endsAt: v.exactOptional(v.number()),
  expiresWhy: v.exactOptional(v.picklist(["idle", "daily", "max-age", "api", "gone"])),
  lastActivityAt: v.number(),
  lease: v.object({
    id: v.string(),
    /** The turn that is being made. The lease is free once that turn is stored. */
    turn: v.string(),
    until: v.number(),
  }),
  /** The session before, so that the user and the agent can be told. */
  previous: v.exactOptional(v.object({ session: v.string(), reason: v.exactOptional(v.picklist(END_REASONS)) })),
  /** Stands until the next claim after a boundary: the stream's filter lets only such writes through to sealing. */
  ended: v.exactOptional(v.string()),
  origin: originSchema,
  /** The ids of the users whose memory switch is off, as their rows say: each turn of theirs is marked. */
  memoryOff: v.exactOptional(v.array(v.string())),
});

export type Conversation = v.InferOutput<typeof conversationSchema>;
