import * as v from "valibot";

/** The most of a text message, characters. https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/text-messages */
export const MOST_TEXT = 4096;

const filled = v.pipe(v.string(), v.nonEmpty());

/** A text message, of what is used. Meta refuses a key that it does not know. */
const textSchema = v.strictObject({
  messaging_product: v.literal("whatsapp"),
  recipient_type: v.optional(v.literal("individual")),
  to: v.optional(v.pipe(v.string(), v.regex(/^\+?\d{1,20}$/))),
  /** Somebody's id for this business; `to` goes before it. */
  recipient: v.optional(v.pipe(v.string(), v.regex(/^[A-Z]{2}\.[A-Za-z0-9.]{1,140}$/))),
  type: v.literal("text"),
  text: v.strictObject({ body: filled, preview_url: v.optional(v.boolean()) }),
  context: v.optional(v.strictObject({ message_id: filled })),
  biz_opaque_callback_data: v.optional(
    v.pipe(
      v.string(),
      v.check((data) => Buffer.byteLength(data) <= 512),
    ),
  ),
});

/** A message is marked as read, and typing is shown. */
const readSchema = v.strictObject({
  messaging_product: v.literal("whatsapp"),
  status: v.literal("read"),
  message_id: filled,
  typing_indicator: v.optional(v.strictObject({ type: v.literal("text") })),
});

/** What is posted to `messages`. */
export const postSchema = v.lazy((given): typeof readSchema | typeof textSchema =>
  typeof given === "object" && given !== null && "status" in given ? readSchema : textSchema,
);

export type TextMessage = v.InferOutput<typeof textSchema>;

/** https://developers.facebook.com/docs/graph-api/reference/app/subscriptions */
export const subscriptionSchema = v.strictObject({
  object: v.literal("whatsapp_business_account"),
  callback_url: v.pipe(v.string(), v.url(), v.startsWith("https://")),
  fields: v.pipe(v.string(), v.regex(/^[a-z_]+(,[a-z_]+)*$/)),
  verify_token: filled,
});

export type Subscription = v.InferOutput<typeof subscriptionSchema>;

/** https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account/subscribed_apps */
export const subscribeSchema = v.strictObject({
  override_callback_uri: v.optional(v.string()),
  verify_token: v.optional(v.string()),
});
