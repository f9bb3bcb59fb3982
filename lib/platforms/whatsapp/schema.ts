import * as v from "valibot";
import { fields } from "../../adapter/schema/strictFields.ts";
import { isObject } from "../../domain/json.ts";

const word = v.string("a text");
const name = v.optional(word);
const flag = v.optional(v.boolean("true or false"));

const ID = "an id of 1 to 256 printable characters of ASCII";
const id = v.pipe(v.string(ID), v.regex(/^[!-~]{1,256}$/, ID));
const maybeId = v.optional(id);

const SECONDS = "seconds since the epoch, as a text of digits";

/** A file that somebody sent. https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/image */
const mediaSchema = v.optional(
  fields({ id: maybeId, mime_type: name, caption: name, filename: name, voice: flag }, "a media object"),
);

export type WhatsAppMedia = NonNullable<v.InferOutput<typeof mediaSchema>>;

/** Meta's pages show numbers; texts have been seen. */
const degrees = v.union([v.number(), v.string()], "a number");

const placeSchema = fields({ latitude: degrees, longitude: degrees, name, address: name }, "a location");

const cardSchema = fields(
  {
    name: fields({ formatted_name: name }, "a name"),
    phones: v.optional(v.array(fields({ phone: name }, "a phone number"), "a list")),
  },
  "a contact card",
);

const choiceSchema = v.optional(fields({ title: word, description: name }, "a reply"));

const interactiveSchema = fields(
  {
    type: name,
    button_reply: choiceSchema,
    list_reply: choiceSchema,
    nfm_reply: v.optional(fields({ response_json: word }, "a form's reply")),
  },
  "an interactive reply",
);

/** The ad or post by which somebody came. */
const referralSchema = fields({ headline: name, body: name, source_url: name }, "a referral");

const contextSchema = fields(
  {
    forwarded: flag,
    frequently_forwarded: flag,
    referred_product: v.optional(fields({ product_retailer_id: name }, "a product")),
  },
  "a context",
);

/** What a message holds, by its type: what is read of each. */
const contentEntries = {
  type: word,
  context: v.optional(contextSchema),
  referral: v.optional(referralSchema),
  text: v.optional(fields({ body: word }, "an object with body")),
  image: mediaSchema,
  video: mediaSchema,
  audio: mediaSchema,
  document: mediaSchema,
  sticker: mediaSchema,
  location: v.optional(placeSchema),
  contacts: v.optional(v.array(cardSchema, "a list of contact cards")),
  interactive: v.optional(interactiveSchema),
  button: v.optional(fields({ text: word }, "an object with text")),
  order: v.optional(fields({ text: name }, "an order")),
};

const contentSchema = fields(contentEntries, "a message's content");

export type WhatsAppContent = v.InferOutput<typeof contentSchema>;

/** Of a person that has another number or id now. `wa_id` and `user_id` are the new ones. */
const systemSchema = fields(
  { type: name, wa_id: maybeId, user_id: maybeId, previous_user_id: maybeId },
  "a system object",
);

const messageSchema = fields(
  {
    ...contentEntries,
    id,
    timestamp: v.pipe(v.string(SECONDS), v.regex(/^\d{1,12}$/, SECONDS)),
    /** The phone number; absent of somebody who hides it behind a user name. */
    from: maybeId,
    /** The id that a person has for one business; it changes with the number. */
    from_user_id: maybeId,
    group_id: name,
    system: v.optional(systemSchema),
    edit: v.optional(fields({ original_message_id: id, message: contentSchema }, "an edit")),
  },
  "a message",
);

export type WhatsAppMessage = v.InferOutput<typeof messageSchema>;

const contactSchema = fields(
  { wa_id: name, user_id: name, profile: v.optional(fields({ name, username: name }, "a profile")) },
  "a contact",
);

export type WhatsAppContact = v.InferOutput<typeof contactSchema>;

const errorsSchema = v.optional(v.array(fields({ code: v.number("a number") }, "an error"), "a list of errors"));

/** https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages/status */
const statusSchema = fields(
  {
    id,
    status: word,
    recipient_id: maybeId,
    recipient_user_id: maybeId,
    biz_opaque_callback_data: name,
    errors: errorsSchema,
  },
  "a status",
);

export type WhatsAppStatus = v.InferOutput<typeof statusSchema>;

const valueSchema = fields(
  {
    metadata: fields({ phone_number_id: word }, "an object with phone_number_id"),
    contacts: v.optional(v.array(contactSchema, "a list of contacts")),
    messages: v.optional(v.array(messageSchema, "a list of messages")),
    statuses: v.optional(v.array(statusSchema, "a list of statuses")),
    errors: errorsSchema,
  },
  "the value of a messages webhook",
);

const CHANGE = "a change with field and value";
const messagesSchema = fields({ field: v.literal("messages"), value: valueSchema }, CHANGE);
const otherSchema = fields({ field: word }, CHANGE);

/** Of what is not about messages nothing is read. */
const changeSchema = v.lazy((given): typeof messagesSchema | typeof otherSchema =>
  isObject(given) && Reflect.get(given, "field") === "messages" ? messagesSchema : otherSchema,
);

/**
 * What is read of a webhook's body. Meta adds fields at any time: unknown ones are ignored.
 * https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
 */
export const bodySchema = fields(
  {
    object: word,
    entry: v.array(fields({ changes: v.array(changeSchema, "a list of changes") }, "an entry"), "a list of entries"),
  },
  "a webhook of a WhatsApp Business account",
);

export type WhatsAppBody = v.InferOutput<typeof bodySchema>;

/** What a message carries for its answer; `message` where one was received: it is marked as read. */
export const replyToSchema = v.strictObject({
  to: v.optional(v.string()),
  user: v.optional(v.string()),
  message: v.optional(v.string()),
});

export type ReplyTo = v.InferOutput<typeof replyToSchema>;
