import * as v from "valibot";
import { chatSchema } from "../platforms/chatSchema.ts";
import { originSchema } from "../platforms/originSchema.ts";
import { END_REASONS } from "./EndReason.ts";

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
