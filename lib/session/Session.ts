import * as v from "valibot";
import { END_REASONS } from "./EndReason.ts";

/** One stretch of a conversation between two boundaries. Times in milliseconds since the epoch. */
export const sessionSchema = v.object({
  session: v.string(),
  /** The conversation's key. */
  conversation: v.string(),
  platform: v.string(),
  chat: v.object({ id: v.string(), type: v.picklist(["dm", "group", "thread"]), thread: v.exactOptional(v.string()) }),
  /** `scheduled` while no person has written in it. */
  origin: v.picklist(["chat", "scheduled"]),
  /** Whether its transcript may reach memory; the one gate, read when it is sealed. */
  memory: v.picklist(["on", "off"]),
  startedAt: v.number(),
  status: v.picklist(["open", "ended"]),
  reason: v.exactOptional(v.picklist(END_REASONS)),
  endedAt: v.exactOptional(v.number()),
  /** Taken from the table when it was sealed: a delivery with fewer turns is an error. */
  turns: v.exactOptional(v.number()),
});

export type Session = v.InferOutput<typeof sessionSchema>;
