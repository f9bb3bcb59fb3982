import * as v from "valibot";
import { fields } from "../../adapter/schema/strictFields.ts";

const SNOWFLAKE = "a snowflake: a text of 1 to 20 digits";
const snowflake = v.pipe(v.string(SNOWFLAKE), v.regex(/^\d{1,20}$/, SNOWFLAKE));
const integer = v.pipe(v.number("an integer"), v.integer("an integer"));
const word = v.string("a text");
const name = v.nullish(word);

const userSchema = fields({ id: snowflake, username: word, global_name: name }, "a User");

export type DiscordUser = v.InferOutput<typeof userSchema>;

const attachmentSchema = fields(
  {
    filename: name,
    size: v.nullish(integer),
    url: name,
    content_type: name,
    duration_secs: v.nullish(v.number("a number")),
    /** Only a voice message has one. */
    waveform: name,
  },
  "an Attachment",
);

export type DiscordAttachment = v.InferOutput<typeof attachmentSchema>;

const targetSchema = fields(
  { content: name, author: v.optional(userSchema), attachments: v.optional(v.array(attachmentSchema, "a list")) },
  "a Message",
);

const optionSchema = fields(
  { type: integer, value: v.optional(v.union([v.string(), v.number(), v.boolean()], "a text, a number or a boolean")) },
  "an option",
);

const dataSchema = fields(
  {
    name: word,
    type: v.optional(integer),
    options: v.optional(v.array(optionSchema, "a list")),
    target_id: v.optional(snowflake),
    resolved: v.optional(
      fields(
        {
          attachments: v.optional(v.record(v.string(), attachmentSchema, "an object")),
          messages: v.optional(v.record(v.string(), targetSchema, "an object")),
        },
        "an object",
      ),
    ),
  },
  "the data of a command",
);

/** What is read of any call: https://discord.com/developers/docs/interactions/receiving-and-responding */
export const callSchema = fields(
  { type: integer, event: v.optional(v.unknown()) },
  "an interaction or a webhook event",
);

/** What is read of a command's interaction. Discord adds fields at any time: unknown ones are ignored. */
export const commandSchema = fields(
  {
    id: snowflake,
    application_id: snowflake,
    // A part of paths: dots alone would lead elsewhere.
    token: v.pipe(word, v.regex(/^(?!\.{1,2}$)[\x21-\x7e]{1,2048}$/, "a token")),
    data: dataSchema,
    guild_id: v.optional(snowflake),
    channel_id: snowflake,
    channel: v.optional(fields({ type: integer, parent_id: v.nullish(snowflake) }, "a Channel")),
    context: v.optional(integer),
    member: v.optional(fields({ nick: name, user: userSchema }, "a Member")),
    user: v.optional(userSchema),
    /** By where the app is installed: `0` in the server, `1` at the user. */
    authorizing_integration_owners: v.optional(fields({ 0: v.optional(word), 1: v.optional(word) }, "an object")),
  },
  "the interaction of a command",
);

export type DiscordCommand = v.InferOutput<typeof commandSchema>;

/** https://discord.com/developers/docs/events/webhook-events */
export const eventSchema = fields(
  { type: word, timestamp: v.optional(word), data: v.optional(fields({ user: v.optional(userSchema) }, "an object")) },
  "a webhook event",
);

export type DiscordEvent = v.InferOutput<typeof eventSchema>;

/** What a message carries for its answer. */
export const replyToSchema = v.strictObject({
  /** The interaction, and whose it is. */
  id: snowflake,
  app: snowflake,
  /** By it the interaction is answered, until then (milliseconds since the epoch). */
  token: v.string(),
  until: v.number(),
  /** Where the bot itself can write, too. */
  channel: v.exactOptional(snowflake),
});

export type ReplyTo = v.InferOutput<typeof replyToSchema>;

/** An error of the API: https://discord.com/developers/docs/reference#error-messages */
export const errorSchema = v.object({
  message: v.optional(v.string()),
  code: v.optional(v.number()),
  errors: v.optional(v.unknown()),
  /** Of a 429: seconds, with a fraction. */
  retry_after: v.optional(v.number()),
});

export const sentSchema = v.object({ id: v.string() });

/** What is read of the Application: https://discord.com/developers/docs/resources/application */
export const applicationSchema = v.object({
  id: snowflake,
  verify_key: v.string(),
  interactions_endpoint_url: v.nullish(v.string()),
  event_webhooks_url: v.nullish(v.string()),
  event_webhooks_status: v.nullish(v.number()),
});

export const commandsSchema = v.array(v.object({ name: v.string() }));
