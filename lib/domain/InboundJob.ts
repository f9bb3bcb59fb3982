import * as v from "valibot";
import { attachmentSchema } from "./Attachment.ts";
import { chatSchema, forwardedSchema, originSchema, quotedSchema } from "./InboundMessage.ts";
import { jsonSchema } from "./json.ts";
import { personSchema } from "./Message.ts";

/** What the webhook function puts on the inbound queue: one message. */
export const inboundJobSchema = v.object({
  v: v.picklist([1]),
  platform: v.string(),
  /** Names this acceptance of the message; a redelivery by the platform is accepted under another name. */
  enqueueId: v.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: v.number(),
  message: v.object({
    messageId: v.string(),
    ref: v.exactOptional(v.string()),
    sentAt: v.exactOptional(v.number()),
    chat: chatSchema,
    mayHaveMoved: v.exactOptional(v.literal(true)),
    user: v.exactOptional(personSchema),
    role: v.picklist(["user", "assistant"]),
    text: v.string(),
    command: v.exactOptional(v.string()),
    mentioned: v.exactOptional(v.boolean()),
    quoted: v.exactOptional(quotedSchema),
    forwarded: v.exactOptional(forwardedSchema),
    attachments: v.exactOptional(v.pipe(v.array(attachmentSchema), v.readonly())),
    album: v.exactOptional(v.string()),
    edits: v.exactOptional(v.string()),
    origin: originSchema,
    replyTo: jsonSchema,
    replyUntil: v.exactOptional(v.number()),
  }),
});

export type InboundJob = v.InferOutput<typeof inboundJobSchema>;

/** What an operator puts on the inbound queue, in the conversation's own group: send a failed reply again. */
export const resendJobSchema = v.object({
  v: v.picklist([1]),
  resend: v.object({
    session: v.string(),
    /** The turn's sort key. */
    turn: v.string(),
    /** The failure that is meant, by its `at`: after it has come to an end the job does nothing. */
    failedAt: v.number(),
  }),
});

export type ResendJob = v.InferOutput<typeof resendJobSchema>;

/** What the webhook function puts there when something happened to a chat as a whole: see `ChatEvent`. */
export const chatJobSchema = v.object({
  v: v.picklist([1]),
  platform: v.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: v.number(),
  event: v.object({ chat: chatSchema, movedTo: v.exactOptional(v.string()), at: v.exactOptional(v.number()) }),
});

export type ChatJob = v.InferOutput<typeof chatJobSchema>;

/** What it puts there when a piece of a reply was not delivered after all: see `Undelivered`. */
export const undeliveredJobSchema = v.object({
  v: v.picklist([1]),
  platform: v.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: v.number(),
  undelivered: v.object({
    id: v.string(),
    key: v.string(),
    session: v.string(),
    conversation: v.string(),
    kind: v.string(),
    replyTo: jsonSchema,
  }),
});

export type UndeliveredJob = v.InferOutput<typeof undeliveredJobSchema>;

/** What has the agent speak of its own accord, put there by an operator, or by the webhook function for a program: see `Post`. */
export const speakJobSchema = v.object({
  v: v.picklist([1]),
  enqueueId: v.string(),
  /** When it was accepted, milliseconds since the epoch. */
  receivedAt: v.number(),
  speak: v.object({
    /** The conversation's key. */
    conversation: v.string(),
    messageId: v.string(),
    sentAt: v.exactOptional(v.number()),
    text: v.string(),
  }),
});

export type SpeakJob = v.InferOutput<typeof speakJobSchema>;

/** What stands on the inbound queue: a message, news of a chat or a reply, a wish to send one again or to have the agent speak. */
export const jobSchema = v.union([
  inboundJobSchema,
  resendJobSchema,
  chatJobSchema,
  undeliveredJobSchema,
  speakJobSchema,
]);
