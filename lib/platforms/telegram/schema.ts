import * as v from "valibot";
import { fields } from "../../adapter/schema/strictFields.ts";

const INTEGER = "an integer, as in the Bot API's Update";
const integer = v.pipe(v.number(INTEGER), v.safeInteger(INTEGER));
const flag = v.optional(v.boolean("true or false"));
const word = v.string("a text");
const entities = v.optional(v.array(fields({ type: word, offset: integer }, "a MessageEntity"), "a list"));

/** What is read of a Message. Telegram adds fields at any time: unknown ones are ignored. */
const messageSchema = fields(
  {
    message_id: integer,
    date: integer,
    chat: fields({ id: integer, type: word }, "a Chat"),
    from: v.optional(
      fields(
        { id: integer, is_bot: v.boolean("true or false"), first_name: word, last_name: v.optional(word) },
        "a User",
      ),
    ),
    sender_chat: v.optional(v.unknown()),
    message_thread_id: v.optional(integer),
    is_topic_message: flag,
    text: v.optional(word),
    entities,
    caption: v.optional(word),
    caption_entities: entities,
  },
  "a Message",
);

export type TelegramMessage = v.InferOutput<typeof messageSchema>;

/** What is read of an Update: https://core.telegram.org/bots/api#update */
export const updateSchema = fields(
  { update_id: v.pipe(integer, v.minValue(0, INTEGER)), message: v.optional(messageSchema) },
  "an Update of the Bot API",
);

/** What a message carries for its answer; `message` only in groups, where the answer quotes it. */
export const replyToSchema = v.strictObject({
  chat: integer,
  thread: v.optional(integer),
  message: v.optional(integer),
});

/** An answer of the Bot API: https://core.telegram.org/bots/api#making-requests */
export const answerSchema = v.object({
  ok: v.boolean(),
  result: v.optional(v.unknown()),
  description: v.optional(v.string()),
  parameters: v.optional(v.object({ retry_after: v.optional(v.number()) })),
});
