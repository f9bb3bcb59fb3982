import * as v from "valibot";
import { fieldError } from "../../adapter/fieldError.ts";
import { parseCommand } from "../../adapter/text/parseCommand.ts";
import { cleanText } from "../../adapter/text/truncate.ts";
import type { Chat, InboundMessage } from "../../domain/InboundMessage.ts";
import type { Person } from "../../domain/Message.ts";
import { type TelegramMessage, updateSchema } from "./schema.ts";

/** Who the bot is: its id, and its user name when that is configured. */
export interface Bot {
  readonly id: number;
  readonly username?: string | undefined;
}

/**
 * The message of an Update, if it is one to answer. Ignored are: edits, channel posts and other kinds; what has no words
 * (stickers, photos without a caption); what no person wrote (bots, this bot itself, channels and anonymous admins, who
 * all share one stand-in user); in groups, commands for another bot. Throws `WebhookError` 400 when it is no Update.
 */
export function normalise(update: unknown, bot: Bot): readonly InboundMessage[] {
  const parsed = v.safeParse(updateSchema, update);
  if (!parsed.success) throw fieldError(parsed.issues, update);
  const { message, update_id } = parsed.output;
  if (!message?.from || message.from.is_bot || message.from.id === bot.id || message.sender_chat !== undefined)
    return [];

  const chat = chatOf(message);
  const words = cleanText(message.text ?? message.caption ?? "");
  if (!chat || words.trim() === "") return [];
  const command = (message.text === undefined ? message.caption_entities : message.entities)?.some(
    ({ type, offset }) => type === "bot_command" && offset === 0,
  );
  if (command && chat.type !== "dm" && isForAnother(words, bot)) return [];

  return [
    {
      // As long as any id Telegram gives out, so that texts sort as the numbers do.
      messageId: String(update_id).padStart(12, "0"),
      sentAt: message.date * 1000,
      chat,
      user: personOf(message.from),
      role: "user",
      ...(command ? parseCommand(words, (name) => isUs(name, bot)) : { text: words }),
      origin: "chat",
      replyTo: {
        chat: message.chat.id,
        ...(chat.thread === undefined ? {} : { thread: Number(chat.thread) }),
        ...(message.chat.type === "private" ? {} : { message: message.message_id }),
      },
    },
  ];
}

/** A topic is a thread; one in a private chat stays a direct message, as nobody else reads it. */
function chatOf({ chat, is_topic_message, message_thread_id }: TelegramMessage): Chat | undefined {
  if (!["private", "group", "supergroup"].includes(chat.type)) return undefined;
  const id = String(chat.id);
  const topic = is_topic_message && message_thread_id !== undefined ? { thread: String(message_thread_id) } : undefined;
  if (chat.type === "private") return { id, type: "dm", ...topic };
  return topic ? { id, type: "thread", ...topic } : { id, type: "group" };
}

function personOf(from: NonNullable<TelegramMessage["from"]>): Person {
  const name = cleanText(`${from.first_name} ${from.last_name ?? ""}`)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return { id: String(from.id), ...(name === "" ? {} : { name }) };
}

/** Of `/reset@name`: without a configured user name we can't tell, and take it as ours. */
function isUs(name: string, bot: Bot): boolean {
  return bot.username === undefined || name.toLowerCase() === bot.username.toLowerCase();
}

function isForAnother(words: string, bot: Bot): boolean {
  const name = /^\/\w+@(\w+)/.exec(words)?.[1];
  return name !== undefined && !isUs(name, bot);
}
