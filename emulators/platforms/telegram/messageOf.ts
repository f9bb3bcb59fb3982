import { createHash } from "node:crypto";
import type { Said } from "../PlatformSimulator.ts";

/** What a person sees as one marked part of a text. */
const MARKED = /(?<!\S)(?:\/\w+(?:@\w+)?|@\w+)/g;

/**
 * The Message that Telegram makes of what somebody writes: commands and mentions are marked.
 * https://core.telegram.org/bots/api#message
 *
 * @param date seconds since the epoch
 */
export function messageOf({ text, user, conversation, chatType }: Said, message_id: number, date: number) {
  const entities = Array.from(text.matchAll(MARKED), ({ 0: mark, index: offset }) => {
    return { type: mark.startsWith("/") ? "bot_command" : "mention", offset, length: mark.length };
  });
  return {
    message_id,
    from: { id: numberOf(user), is_bot: false, first_name: user, language_code: "en" },
    chat: chatOf(conversation, chatType),
    date,
    ...(chatType === "thread" ? { message_thread_id: numberOf(`${conversation} topic`), is_topic_message: true } : {}),
    text,
    ...(entities.length > 0 ? { entities } : {}),
  };
}

function chatOf(name: string, type: Said["chatType"]) {
  if (type === "dm") return { id: numberOf(name), type: "private", first_name: name };
  // Those of supergroups: https://core.telegram.org/api/bots/ids
  return { id: -1_000_000_000_000 - numberOf(name), type: "supergroup", title: name };
}

/** The platform's number for a name, always the same; a number stays what it is. */
function numberOf(name: string): number {
  if (/^[1-9]\d{0,9}$/.test(name)) return Number(name);
  return 1 + createHash("sha256").update(name).digest().readUInt32BE();
}
