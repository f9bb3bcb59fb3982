import * as z from "zod/mini";

const INTEGER = "an integer, as in the Bot API's Update";
const integer = z.int({ error: INTEGER });
const flag = z.optional(z.boolean({ error: "true or false" }));
const word = z.string({ error: "a text" });
const entities = z.optional(
  z.array(z.object({ type: word, offset: integer }, { error: "a MessageEntity" }), { error: "a list" }),
);

/** What is read of a Message. Telegram adds fields at any time: unknown ones are ignored. */
const messageSchema = z.object(
  {
    message_id: integer,
    date: integer,
    chat: z.object({ id: integer, type: word }, { error: "a Chat" }),
    from: z.optional(
      z.object(
        { id: integer, is_bot: z.boolean({ error: "true or false" }), first_name: word, last_name: z.optional(word) },
        { error: "a User" },
      ),
    ),
    sender_chat: z.optional(z.unknown()),
    message_thread_id: z.optional(integer),
    is_topic_message: flag,
    text: z.optional(word),
    entities,
    caption: z.optional(word),
    caption_entities: entities,
  },
  { error: "a Message" },
);

export type TelegramMessage = z.output<typeof messageSchema>;

/** What is read of an Update: https://core.telegram.org/bots/api#update */
export const updateSchema = z.object(
  { update_id: z.int({ error: INTEGER }).check(z.nonnegative({ error: INTEGER })), message: z.optional(messageSchema) },
  { error: "an Update of the Bot API" },
);

/** What a message carries for its answer; `message` only in groups, where the answer quotes it. */
export const replyToSchema = z.strictObject({
  chat: z.int(),
  thread: z.optional(z.int()),
  message: z.optional(z.int()),
});

/** An answer of the Bot API: https://core.telegram.org/bots/api#making-requests */
export const answerSchema = z.object({
  ok: z.boolean(),
  result: z.optional(z.unknown()),
  description: z.optional(z.string()),
  parameters: z.optional(z.object({ retry_after: z.optional(z.number()) })),
});
