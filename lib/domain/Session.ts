import * as v from "valibot";
import { chatSchema, originSchema } from "./InboundMessage.ts";

/** Why a session ended. `gone`: its chat is, for good. `recovered`: its end was found by the sweep after the record of it had been lost. */
export const END_REASONS = ["idle", "daily", "reset", "max-age", "max-size", "api", "gone", "recovered"] as const;

export type EndReason = (typeof END_REASONS)[number];

/** One stretch of a conversation between two boundaries. Times in milliseconds since the epoch. */
export const sessionSchema = v.object({
  session: v.string(),
  /** The conversation's key. */
  conversation: v.string(),
  platform: v.string(),
  chat: chatSchema,
  /** `scheduled` while no person has written in it. */
  origin: originSchema,
  startedAt: v.number(),
  status: v.picklist(["open", "ended"]),
  reason: v.exactOptional(v.picklist(END_REASONS)),
  endedAt: v.exactOptional(v.number()),
  /** Taken from the table when it was sealed: a delivery with fewer turns is an error. */
  turns: v.exactOptional(v.number()),
});

export type Session = v.InferOutput<typeof sessionSchema>;

/** That a session ended, and why. */
export interface SessionEnd {
  /** The conversation's key. */
  readonly conversation: string;
  readonly session: string;
  readonly reason: EndReason;
  /** The turn that held the lease last; it may be on its way still. Absent when it is not known. */
  readonly turn?: string;
  /** Milliseconds since the epoch; absent when it is not known. */
  readonly endedAt?: number;
}
