import { WebhookError } from "../../adapter/errors.ts";
import type { Received } from "../../adapter/Platform.ts";
import { parseCommand } from "../../adapter/text/parseCommand.ts";
import { cleanText } from "../../adapter/text/truncate.ts";
import type { ChatEvent, InboundMessage, Quoted } from "../../domain/InboundMessage.ts";
import { contentOf } from "./contentOf.ts";
import { undeliveredOf } from "./delivery.ts";
import type { WhatsAppBody, WhatsAppContact, WhatsAppContent, WhatsAppMessage } from "./schema.ts";

/** How long a message can be answered, milliseconds: the customer service window. */
const WINDOW = 24 * 3_600_000;

/** What is made of a webhook. */
export interface Normalised extends Required<Pick<Received, "messages" | "chats" | "undelivered">> {
  /** Codes of errors that Meta tells of the number or the app as a whole. */
  readonly errors: readonly number[];
}

/**
 * The messages, moves and failed deliveries of a webhook, which may bring any number of each. Ignored are: what is of
 * another number of the same app; other fields than `messages`; groups; receipts; reactions and deletions. Pure. Throws
 * `WebhookError` for a message that names no sender.
 */
export function normalise({ object, entry }: WhatsAppBody, phoneNumberId: string): Normalised {
  const values = entry
    .flatMap(({ changes }) => changes)
    .flatMap((change) => ("value" in change && object === "whatsapp_business_account" ? [change.value] : []))
    .filter(({ metadata }) => metadata.phone_number_id === phoneNumberId);
  return {
    messages: values.flatMap(({ messages = [], contacts = [] }) =>
      messages.flatMap((message) => messageOf(message, contacts) ?? []),
    ),
    chats: values.flatMap(({ messages = [] }) => messages.flatMap((message) => moveOf(message) ?? [])),
    undelivered: values.flatMap(({ statuses = [] }) => statuses.flatMap((status) => undeliveredOf(status) ?? [])),
    errors: values.flatMap(({ errors = [] }) => errors.map(({ code }) => code)),
  };
}

function messageOf(message: WhatsAppMessage, contacts: readonly WhatsAppContact[]): InboundMessage | undefined {
  const { id, timestamp, from, from_user_id: userId, group_id, edit } = message;
  const given = edit?.message ?? message;
  const content = contentOf(given);
  if (!content || group_id !== undefined) return undefined;
  const user = userId ?? from;
  if (user === undefined) throw new WebhookError(400, "a message has neither from nor from_user_id", { field: "from" });
  const { text, attachments } = content;
  const isForwarded = given.context?.forwarded || given.context?.frequently_forwarded;
  const words = isForwarded ? { text } : parseCommand(text);
  // A command is carried out once. What was attached can't be told from what it was.
  if (edit && (words.command !== undefined || text === "")) return undefined;
  const contact = contacts.find((one) => (userId === undefined ? one.wa_id === from : one.user_id === userId));
  const name = singleLine(contact?.profile?.name ?? contact?.profile?.username ?? "");
  const quoted = quotedIn(given);
  const sentAt = Number(timestamp) * 1000;
  return {
    messageId: id,
    ...(edit ? { edits: edit.original_message_id } : { ref: id }),
    sentAt,
    chat: { id: user, type: "dm" },
    mayHaveMoved: true,
    user: { id: user, ...(name === "" ? {} : { name }) },
    role: "user",
    ...words,
    ...(quoted ? { quoted } : {}),
    ...(isForwarded ? { forwarded: {} } : {}),
    ...(attachments.length > 0 && !edit ? { attachments } : {}),
    origin: "chat",
    replyTo: {
      ...(from === undefined ? {} : { to: from }),
      ...(userId === undefined ? {} : { user: userId }),
      message: id,
    },
    replyUntil: sentAt + WINDOW,
  };
}

/** Somebody with another number has another id, too. The older webhooks name the number alone. */
function moveOf({ timestamp, from, system }: WhatsAppMessage): ChatEvent | undefined {
  const before = system?.previous_user_id ?? from;
  const now = system?.user_id ?? system?.wa_id;
  if (before === undefined || now === undefined || before === now) return undefined;
  return { chat: { id: before, type: "dm" }, movedTo: now, at: Number(timestamp) * 1000 };
}

/** What a message is about, where it came by an ad, a post or a product. Of a message that it answers only the id is told. */
function quotedIn({ referral, context }: WhatsAppContent): Quoted | undefined {
  const product = context?.referred_product?.product_retailer_id;
  const parts = referral ? [referral.headline, referral.body, referral.source_url] : [product && `product ${product}`];
  const text = cleanText(parts.filter(Boolean).join("\n"));
  return text === "" ? undefined : { text };
}

function singleLine(text: string): string {
  return cleanText(text)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}
