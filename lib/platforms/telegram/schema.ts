import * as v from "valibot";
import { fields } from "../../adapter/schema/strictFields.ts";

const INTEGER = "an integer, as in the Bot API's Update";
const integer = v.pipe(v.number(INTEGER), v.safeInteger(INTEGER));
const flag = v.optional(v.boolean("true or false"));
const word = v.string("a text");
const name = v.optional(word);

const userSchema = fields(
  { id: integer, is_bot: v.boolean("true or false"), first_name: word, last_name: name, username: name },
  "a User",
);

/** `title`: of a group or channel. */
const chatSchema = fields({ id: integer, type: word, title: name }, "a Chat");

const entitySchema = fields(
  {
    type: word,
    offset: integer,
    length: integer,
    url: name,
    user: v.optional(fields({ id: integer }, "a User")),
  },
  "a MessageEntity",
);

/** Some words of a message with what is marked in them. Offsets are UTF-16 units. */
export type TelegramEntity = v.InferOutput<typeof entitySchema>;

const entities = v.optional(v.array(entitySchema, "a list"));

/** Whatever has a `file_id`, and what else may be told of it; all of it only describes. */
const fileSchema = v.optional(
  fields(
    {
      file_id: name,
      file_name: name,
      file_size: v.optional(integer),
      mime_type: name,
      duration: v.optional(integer),
      emoji: name,
    },
    "an object",
  ),
);

export type TelegramFile = NonNullable<v.InferOutput<typeof fileSchema>>;

const number = v.number("a number");

/** What is read of the message that another one answers. */
const repliedSchema = fields(
  {
    message_id: integer,
    from: v.optional(userSchema),
    text: name,
    caption: name,
    rich_message: v.optional(v.unknown()),
  },
  "a Message",
);

const originSchema = fields(
  {
    type: word,
    sender_user: v.optional(userSchema),
    sender_user_name: name,
    sender_chat: v.optional(chatSchema),
    chat: v.optional(chatSchema),
  },
  "a MessageOrigin",
);

/** What is read of a Message. Telegram adds fields at any time: unknown ones are ignored. */
const messageSchema = fields(
  {
    message_id: integer,
    date: integer,
    edit_date: v.optional(integer),
    chat: chatSchema,
    from: v.optional(userSchema),
    sender_chat: v.optional(chatSchema),
    message_thread_id: v.optional(integer),
    is_topic_message: flag,
    direct_messages_topic: v.optional(fields({ topic_id: integer }, "a DirectMessagesTopic")),
    text: name,
    entities,
    caption: name,
    caption_entities: entities,
    rich_message: v.optional(v.unknown()),
    media_group_id: name,
    forward_origin: v.optional(originSchema),
    via_bot: v.optional(userSchema),
    reply_to_message: v.optional(repliedSchema),
    quote: v.optional(fields({ text: word }, "a TextQuote")),
    migrate_to_chat_id: v.optional(integer),
    migrate_from_chat_id: v.optional(integer),
    photo: v.optional(v.array(v.nonOptional(fileSchema), "a list")),
    voice: fileSchema,
    audio: fileSchema,
    video: fileSchema,
    video_note: fileSchema,
    animation: fileSchema,
    document: fileSchema,
    sticker: fileSchema,
    location: v.optional(fields({ latitude: number, longitude: number }, "a Location")),
    venue: v.optional(fields({ title: word }, "a Venue")),
    contact: v.optional(fields({ first_name: word, last_name: name, phone_number: name }, "a Contact")),
    ...Object.fromEntries(
      ["dice", "poll", "game", "story", "paid_media", "checklist"].map((kind) => [kind, v.optional(v.unknown())]),
    ),
  },
  "a Message",
);

export type TelegramMessage = v.InferOutput<typeof messageSchema>;

/** What is read of an Update: https://core.telegram.org/bots/api#update */
export const updateSchema = fields(
  {
    update_id: v.pipe(integer, v.minValue(0, INTEGER)),
    message: v.optional(messageSchema),
    edited_message: v.optional(messageSchema),
    my_chat_member: v.optional(
      fields(
        { chat: chatSchema, date: v.optional(integer), new_chat_member: fields({ status: word }, "a ChatMember") },
        "a ChatMemberUpdated",
      ),
    ),
  },
  "an Update of the Bot API",
);

export type TelegramUpdate = v.InferOutput<typeof updateSchema>;

/**
 * What a message carries for its answer; `message` only in groups, where the answer quotes it. `direct`: the topic of a
 * channel's direct messages.
 */
export const replyToSchema = v.strictObject({
  chat: integer,
  thread: v.optional(integer),
  direct: v.optional(integer),
  message: v.optional(integer),
});

/** An answer of the Bot API: https://core.telegram.org/bots/api#making-requests */
export const answerSchema = v.object({
  ok: v.boolean(),
  result: v.optional(v.unknown()),
  description: v.optional(v.string()),
  parameters: v.optional(v.object({ retry_after: v.optional(v.number()), migrate_to_chat_id: v.optional(v.number()) })),
});

/** What is read of the Message that sendMessage answers. */
export const sentSchema = v.object({ message_id: v.number() });

/** What is read of the User that getMe answers: https://core.telegram.org/bots/api#getme */
export const meSchema = v.object({ username: v.string() });
