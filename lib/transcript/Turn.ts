import * as z from "zod/mini";

/** One user message and the agent's reply to it, or a message of the agent's own. Times in milliseconds since the epoch. */
export const turnSchema = z.object({
  /** The sort key, made by `turnKey`. */
  sk: z.string(),
  /** A `command` (a reset, a change of the memory switch) is stored to be answered once; it is not part of the transcript. */
  kind: z.enum(["turn", "command"]),
  command: z.exactOptional(z.string()),
  /** The platform's id of the message. */
  delivery: z.string(),
  /** When the message was written, by the platform's clock. */
  at: z.number(),
  origin: z.enum(["chat", "scheduled"]),
  user: z.exactOptional(z.object({ id: z.string(), name: z.exactOptional(z.string()) })),
  /** The user's words; absent in a message of the agent's own. */
  text: z.exactOptional(z.string()),
  reply: z.exactOptional(z.string()),
  repliedAt: z.exactOptional(z.number()),
  /** `failed`: the agent could not answer; the reply is the apology that was sent, and is not part of the transcript. */
  status: z.enum(["done", "failed"]),
  /** The queue message whose retries send the reply; another one with the same delivery is a redelivery. */
  carrier: z.string(),
  /** How many chunks of a long reply have been sent. The last one is not noted: then the queue message is gone. */
  sent: z.number(),
  /** The reply can't be delivered, and why. */
  undeliverable: z.exactOptional(z.string()),
  /** Told to the user before the reply: that, and why, a new session has begun. */
  notice: z.exactOptional(z.string()),
  /** What was recalled when the session began; for the agent, and never part of the transcript. */
  memories: z.exactOptional(z.array(z.object({ text: z.string(), at: z.exactOptional(z.number()) }))),
});

export type Turn = z.infer<typeof turnSchema>;
