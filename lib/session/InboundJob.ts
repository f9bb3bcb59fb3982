import * as z from "zod/mini";
import type { Json } from "../platforms/Platform.ts";

const jsonSchema: z.ZodMiniType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(jsonSchema), z.record(z.string(), jsonSchema)]),
);

/** What the webhook function puts on the inbound queue: one message. */
export const inboundJobSchema = z.object({
  v: z.literal(1),
  platform: z.string(),
  /** Names this acceptance of the message; a redelivery by the platform is accepted under another name. */
  carrier: z.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: z.number(),
  message: z.object({
    delivery: z.string(),
    sentAt: z.exactOptional(z.number()),
    chat: z.object({ id: z.string(), type: z.enum(["dm", "group", "thread"]), thread: z.exactOptional(z.string()) }),
    user: z.exactOptional(z.object({ id: z.string(), name: z.exactOptional(z.string()) })),
    role: z.enum(["user", "assistant"]),
    text: z.string(),
    command: z.exactOptional(z.string()),
    origin: z.enum(["chat", "scheduled"]),
    replyTo: jsonSchema,
  }),
});

export type InboundJob = z.infer<typeof inboundJobSchema>;
