import * as v from "valibot";
import { jsonSchema } from "../platforms/jsonSchema.ts";

/** What the webhook function puts on the inbound queue: one message. */
export const inboundJobSchema = v.object({
  v: v.literal(1),
  platform: v.string(),
  /** Names this acceptance of the message; a redelivery by the platform is accepted under another name. */
  carrier: v.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: v.number(),
  message: v.object({
    delivery: v.string(),
    sentAt: v.exactOptional(v.number()),
    chat: v.object({
      id: v.string(),
      type: v.picklist(["dm", "group", "thread"]),
      thread: v.exactOptional(v.string()),
    }),
    user: v.exactOptional(v.object({ id: v.string(), name: v.exactOptional(v.string()) })),
    role: v.picklist(["user", "assistant"]),
    text: v.string(),
    command: v.exactOptional(v.string()),
    origin: v.picklist(["chat", "scheduled"]),
    replyTo: jsonSchema,
  }),
});

export type InboundJob = v.InferOutput<typeof inboundJobSchema>;
