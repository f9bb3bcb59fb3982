import * as v from "valibot";
import { fields } from "../../adapter/schema/strictFields.ts";

const word = v.string("a text");
const ID = "an id of 1 to 128 printable characters of ASCII";
const id = v.pipe(v.string(ID), v.regex(/^[!-~]{1,128}$/, ID));
const number = v.number("a number");
const count = v.pipe(number, v.integer("a whole number"), v.minValue(0, "a whole number"));

const sourceSchema = fields(
  { type: word, userId: v.optional(id), groupId: v.optional(id), roomId: v.optional(id) },
  "a source",
);

const mentionSchema = fields(
  {
    mentionees: v.array(
      fields({ index: count, length: count, isSelf: v.optional(v.boolean("true or false")) }, "a mention"),
      "a list of mentions",
    ),
  },
  "mentions",
);

/** https://developers.line.biz/en/reference/messaging-api/#message-event */
const messageSchema = fields(
  {
    id,
    type: word,
    text: v.optional(word),
    mention: v.optional(mentionSchema),
    fileName: v.optional(word),
    fileSize: v.optional(number),
    duration: v.optional(number),
    keywords: v.optional(v.array(word, "a list of words")),
    title: v.optional(word),
    address: v.optional(word),
    latitude: v.optional(number),
    longitude: v.optional(number),
    imageSet: v.optional(fields({ id }, "an image set")),
  },
  "a message",
);

const eventSchema = fields(
  {
    type: word,
    mode: v.optional(word),
    timestamp: v.pipe(number, v.integer("milliseconds since the epoch")),
    webhookEventId: id,
    source: v.optional(sourceSchema),
    replyToken: v.optional(id),
    message: v.optional(messageSchema),
  },
  "an event",
);

/** A webhook, which may bring any number of events; none when the address is verified. */
export const bodySchema = fields({ events: v.array(eventSchema, "a list of events") }, "an object with events");

export type LineEvent = v.InferOutput<typeof eventSchema>;
export type LineMessage = v.InferOutput<typeof messageSchema>;

/** What an answer needs: the chat, and the token that answers once, with the time of its event. */
export const replyToSchema = v.object({
  to: v.string(),
  token: v.exactOptional(v.string()),
  at: v.number(),
  isDirect: v.boolean(),
});

export type ReplyTo = v.InferOutput<typeof replyToSchema>;
