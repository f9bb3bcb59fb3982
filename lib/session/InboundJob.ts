import * as v from "valibot";
import { chatSchema } from "../platforms/chatSchema.ts";
import { jsonSchema } from "../platforms/jsonSchema.ts";
import { originSchema } from "../platforms/originSchema.ts";
import { personSchema } from "../transcript/personSchema.ts";

/** What the webhook function puts on the inbound queue: one message. */
export const inboundJobSchema = v.object({
  v: v.picklist([1]),
  platform: v.string(),
  /** Names this acceptance of the message; a redelivery by the platform is accepted under another name. */
  carrier: v.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: v.number(),
  message: v.object({
    delivery: v.string(),
    sentAt: v.exactOptional(v.number()),
    chat: chatSchema,
    user: v.exactOptional(personSchema),
    role: v.picklist(["user", "assistant"]),
    text: v.string(),
    command: v.exactOptional(v.string()),
    origin: originSchema,
    replyTo: jsonSchema,
  }),
});

export type InboundJob = v.InferOutput<typeof inboundJobSchema>;
