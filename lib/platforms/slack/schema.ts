import * as v from "valibot";
import { fields } from "../../adapter/schema/strictFields.ts";

const word = v.string("a text");
const maybe = v.nullish(word);
const flag = v.nullish(v.boolean("true or false"));
const TIME = 'a time such as "1355517523.000005"';

/** Slack's id of a message in its channel, which is also its time: seconds since the epoch, to the microsecond. */
const time = v.pipe(v.string(TIME), v.regex(/^\d{1,12}\.\d{1,9}$/, TIME));

const USER = 'a user id such as "U061F7AUR"';
const userId = v.pipe(v.string(USER), v.regex(/^\w{1,64}$/, USER));

/** What is read of a call of the Events API: https://docs.slack.dev/apis/events-api#callback-field */
export const callSchema = fields(
  {
    type: v.string('"event_callback", "url_verification" or another type'),
    challenge: maybe,
    authorizations: v.nullish(v.array(fields({ user_id: v.nullish(userId), is_bot: flag }, "an object"), "a list")),
    event: v.optional(fields({ type: word, subtype: maybe }, "an event with its type")),
  },
  "a call of Slack's Events API",
);

/** What is read of a file: https://docs.slack.dev/reference/objects/file-object */
const fileSchema = fields(
  {
    id: word,
    name: maybe,
    mimetype: maybe,
    subtype: maybe,
    mode: maybe,
    size: v.nullish(v.number("a number")),
    duration_ms: v.nullish(v.number("a number")),
  },
  "a file",
);

export type SlackFile = v.InferOutput<typeof fileSchema>;

/** What is read of what is attached to a message; `is_share`: a message that somebody passes on. */
const attachedSchema = fields(
  {
    is_share: flag,
    text: maybe,
    author_name: maybe,
    files: v.nullish(v.array(fileSchema, "a list")),
  },
  "an attachment",
);

const messageFields = {
  subtype: maybe,
  user: v.nullish(userId),
  bot_id: maybe,
  text: maybe,
  ts: time,
  thread_ts: v.nullish(time),
  parent_user_id: maybe,
  edited: v.nullish(fields({ ts: time }, "an object")),
  files: v.nullish(v.array(fileSchema, "a list")),
  attachments: v.nullish(v.array(attachedSchema, "a list")),
};

const place = { type: word, channel: word, channel_type: maybe };

/** What is read of a message. Slack adds fields at any time: unknown ones are ignored. */
export const messageSchema = fields({ ...place, ...messageFields }, "a message");

export type SlackMessage = v.InferOutput<typeof messageSchema>;

const innerSchema = fields(messageFields, "a message");

/** https://docs.slack.dev/reference/events/message/message_changed */
export const changedSchema = fields(
  { ...place, ts: time, message: innerSchema, previous_message: v.nullish(innerSchema) },
  "a changed message",
);

/** What is read of the news of a channel; `channel` is an object in news that are of no interest. */
export const newsSchema = fields({ channel: word, user: maybe, event_ts: v.nullish(time) }, "news of a channel");

/** https://docs.slack.dev/reference/events/channel_id_changed */
export const movedSchema = fields(
  { old_channel_id: word, new_channel_id: word, event_ts: v.nullish(time) },
  "a changed id of a channel",
);

/** What is read of a slash command: https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const commandSchema = fields(
  {
    command: v.pipe(v.string('a command such as "/vesper"'), v.startsWith("/", 'a command such as "/vesper"')),
    text: v.optional(word, ""),
    user_id: userId,
    channel_id: word,
    trigger_id: v.pipe(v.string("an id"), v.nonEmpty("an id")),
    response_url: v.pipe(v.string("an address"), v.url("an address")),
  },
  "a slash command",
);

/** What a message carries for its answer: its place, or the address at which a slash command is answered. */
export const replyToSchema = v.union([
  v.strictObject({ channel: v.string(), thread: v.optional(v.string()) }),
  v.strictObject({ responseUrl: v.string() }),
]);

/** Where a draft stands in its channel. */
export const draftSchema = v.strictObject({ ts: v.string() });

/** An answer of the Web API: https://docs.slack.dev/apis/web-api#responses */
export const answerSchema = v.object({
  ok: v.boolean(),
  error: v.optional(v.string()),
  needed: v.optional(v.string()),
  ts: v.optional(v.string()),
});

export type SlackAnswer = v.InferOutput<typeof answerSchema>;
