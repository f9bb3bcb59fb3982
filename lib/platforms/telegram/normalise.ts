import { takeCommand } from "../../adapter/text/parseCommand.ts";
import { cleanText } from "../../adapter/text/truncate.ts";
import type { Chat, ChatEvent, Forwarded, InboundMessage, Quoted } from "../../domain/InboundMessage.ts";
import type { Person } from "../../domain/Message.ts";
import { attachmentsOf } from "./attachmentsOf.ts";
import { type Bot, readWords } from "./readWords.ts";
import { richText } from "./richText.ts";
import type { TelegramMessage, TelegramUpdate } from "./schema.ts";

/** What is made of an Update. */
export interface Normalised {
  readonly messages: readonly InboundMessage[];
  readonly chats: readonly ChatEvent[];
}

const NOTHING: Normalised = { messages: [], chats: [] };

/**
 * The message or the news of a chat in an Update. Ignored are: other kinds of updates; what no person wrote (bots, this
 * bot itself, channels); what has neither words nor an attachment; in groups, commands for another bot. An anonymous admin
 * has no user, as all of them share one. Pure.
 */
export function normalise(update: TelegramUpdate, bot: Bot): Normalised {
  const { message, edited_message: edited, my_chat_member: member } = update;
  if (member) {
    const chat = chatOf({ chat: member.chat });
    const isGone = chat && ["left", "kicked"].includes(member.new_chat_member.status);
    const at = member.date === undefined ? {} : { at: member.date * 1000 };
    return isGone ? { messages: [], chats: [{ chat, ...at }] } : NOTHING;
  }
  const given = message ?? edited;
  if (!given) return NOTHING;
  const move = moveOf(given);
  if (move) return { messages: [], chats: [move] };
  const made = messageOf(given, update.update_id, bot);
  if (!made) return NOTHING;
  if (message) return { messages: [made], chats: [] };
  // A command is carried out once. What was attached can't be told from what it was.
  const { command, attachments: _, ref, ...edit } = made;
  if (command !== undefined || ref === undefined || edit.text === "") return NOTHING;
  return { messages: [{ ...edit, edits: ref, sentAt: (given.edit_date ?? given.date) * 1000 }], chats: [] };
}

function messageOf(message: TelegramMessage, updateId: number, bot: Bot): InboundMessage | undefined {
  const { from, sender_chat } = message;
  const isAnonymous = sender_chat?.id === message.chat.id;
  if (!isAnonymous && (!from || from.is_bot || from.id === bot.id || sender_chat)) return undefined;
  const chat = chatOf(message);
  const attachments = attachmentsOf(message);
  const given = cleanText(message.text ?? message.caption ?? richText(message.rich_message));
  if (!chat || (given.trim() === "" && attachments.length === 0)) return undefined;

  const forwarded = forwardedFrom(message);
  const marks = (message.text === undefined ? message.caption_entities : message.entities) ?? [];
  const words = forwarded ? { text: given, mentionsUs: false } : readWords(given, marks, bot);
  const { command } = words;
  const isUs = (name: string) => name.toLowerCase() === bot.username?.toLowerCase() || chat.type === "dm";
  if (command?.addressee !== undefined && !isUs(command.addressee)) return undefined;
  const quoted = quotedIn(message);
  const { message_id, reply_to_message: answered, media_group_id: album } = message;
  return {
    // As long as any id Telegram gives out, so that texts sort as the numbers do.
    messageId: String(updateId).padStart(12, "0"),
    ref: String(message_id),
    sentAt: message.date * 1000,
    chat,
    ...(message.chat.type === "supergroup" ? { mayHaveMoved: true } : {}),
    ...(from && !isAnonymous ? { user: personOf(from) } : {}),
    role: "user",
    ...(command ? takeCommand(words.text, command.length, isUs) : { text: words.text.trim() }),
    ...(chat.type === "dm"
      ? {}
      : { mentioned: words.mentionsUs || command !== undefined || answered?.from?.id === bot.id }),
    ...(quoted ? { quoted } : {}),
    ...(forwarded ? { forwarded } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    ...(album === undefined ? {} : { album }),
    origin: "chat",
    replyTo: replyToOf(message),
  };
}

/** A topic is a thread; one in a private chat stays a direct message, as nobody else reads it. */
function chatOf({
  chat,
  is_topic_message,
  message_thread_id,
  direct_messages_topic,
}: Pick<TelegramMessage, "chat"> & Partial<TelegramMessage>): Chat | undefined {
  if (!["private", "group", "supergroup"].includes(chat.type)) return undefined;
  const id = String(chat.id);
  // Of a channel's direct messages each topic is one person's; the channel's admins read them, too.
  if (direct_messages_topic) return { id, type: "thread", thread: `direct-${direct_messages_topic.topic_id}` };
  const topic = is_topic_message && message_thread_id !== undefined ? { thread: String(message_thread_id) } : undefined;
  if (chat.type === "private") return { id, type: "dm", ...topic };
  return topic ? { id, type: "thread", ...topic } : { id, type: "group" };
}

function replyToOf({ chat, message_id, is_topic_message, message_thread_id, direct_messages_topic }: TelegramMessage) {
  return {
    chat: chat.id,
    ...(is_topic_message && message_thread_id !== undefined ? { thread: message_thread_id } : {}),
    ...(direct_messages_topic ? { direct: direct_messages_topic.topic_id } : {}),
    ...(chat.type === "private" ? {} : { message: message_id }),
  };
}

/** A group that becomes a supergroup says so twice: in the old chat and in the new one. */
function moveOf({ chat, migrate_to_chat_id: to, migrate_from_chat_id: from }: TelegramMessage): ChatEvent | undefined {
  if (to !== undefined) return { chat: { id: String(chat.id), type: "group" }, movedTo: String(to) };
  if (from !== undefined) return { chat: { id: String(from), type: "group" }, movedTo: String(chat.id) };
  return undefined;
}

/** Whose words they are, where they are not the sender's own. */
function forwardedFrom({ forward_origin: origin, via_bot: bot }: TelegramMessage): Forwarded | undefined {
  if (!origin) return bot && { from: nameOf(bot) ?? "a bot" };
  const { sender_user: user, sender_user_name: hidden, sender_chat: group, chat: channel } = origin;
  const from = (user && nameOf(user)) ?? hidden ?? group?.title ?? channel?.title;
  return from === undefined ? {} : { from: singleLine(from) };
}

function quotedIn({ reply_to_message: answered, quote }: TelegramMessage): Quoted | undefined {
  const text = quote?.text ?? answered?.text ?? answered?.caption ?? richText(answered?.rich_message);
  const author = answered?.from && nameOf(answered.from);
  return text === "" ? undefined : { text: cleanText(text), ...(author === undefined ? {} : { author }) };
}

type TelegramUser = NonNullable<TelegramMessage["from"]>;

function personOf(user: TelegramUser): Person {
  const name = nameOf(user);
  return { id: String(user.id), ...(name === undefined ? {} : { name }) };
}

function nameOf({ first_name, last_name }: TelegramUser): string | undefined {
  return singleLine(`${first_name} ${last_name ?? ""}`) || undefined;
}

function singleLine(text: string): string {
  return cleanText(text)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}
