import * as z from "zod/mini";
import { END_REASONS } from "./EndReason.ts";

/** One stretch of a conversation between two boundaries. Times in milliseconds since the epoch. */
export const sessionSchema = z.object({
  session: z.string(),
  /** The conversation's key. */
  conversation: z.string(),
  platform: z.string(),
  chat: z.object({ id: z.string(), type: z.enum(["dm", "group", "thread"]), thread: z.exactOptional(z.string()) }),
  /** `scheduled` while no person has written in it. */
  origin: z.enum(["chat", "scheduled"]),
  /** Whether its transcript may reach memory; the one gate, read when it is sealed. */
  memory: z.enum(["on", "off"]),
  startedAt: z.number(),
  status: z.enum(["open", "ended"]),
  reason: z.exactOptional(z.enum(END_REASONS)),
  endedAt: z.exactOptional(z.number()),
  /** Taken from the table when it was sealed: a delivery with fewer turns is an error. */
  turns: z.exactOptional(z.number()),
});

export type Session = z.infer<typeof sessionSchema>;
