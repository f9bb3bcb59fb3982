import type { Received } from "../../adapter/Platform.ts";
import { parseCommand } from "../../adapter/text/parseCommand.ts";
import type { Attachment } from "../../domain/Attachment.ts";
import type { Chat, ChatEvent, InboundMessage } from "../../domain/InboundMessage.ts";
import type { LineEvent, LineMessage, ReplyTo } from "./schema.ts";

/**
 * The messages of a webhook, and the chats that the bot is out of. Ignored are: events of a channel that another module
 * answers (`standby`), words that were unsent, who joins, and what is pressed or seen. Pure.
 */
export function normalise(events: readonly LineEvent[]): Received {
  const active = events.filter(({ mode = "active" }) => mode === "active");
  return {
    messages: active.flatMap((event) => messageOf(event) ?? []),
    chats: active.flatMap((event) => goneBy(event) ?? []),
  };
}

function messageOf(event: LineEvent): InboundMessage | undefined {
  const { type, message, source, webhookEventId, timestamp, replyToken } = event;
  const chat = chatOf(event);
  if (type !== "message" || !message || !chat) return undefined;
  const attachment = attachmentOf(message);
  if (!attachment && message.type !== "text") return undefined;
  const { text, isNamed } = withoutMentions(message);
  const words = parseCommand(text);
  if (words.text === "" && words.command === undefined && !attachment) return undefined;
  const isDirect = chat.type === "dm";
  return {
    messageId: webhookEventId,
    ref: message.id,
    sentAt: timestamp,
    chat,
    ...(source?.userId === undefined ? {} : { user: { id: source.userId } }),
    role: "user",
    ...words,
    ...(isDirect ? {} : { mentioned: isNamed || words.command !== undefined }),
    ...(attachment ? { attachments: [attachment] } : {}),
    ...(message.imageSet ? { album: message.imageSet.id } : {}),
    origin: "chat",
    replyTo: {
      ...{ to: chat.id, at: timestamp, isDirect },
      ...(replyToken === undefined ? {} : { token: replyToken }),
    } satisfies ReplyTo,
  };
}

function chatOf({ source }: LineEvent): Chat | undefined {
  const group = source?.groupId ?? source?.roomId;
  if (group !== undefined) return { id: group, type: "group" };
  return source?.userId === undefined ? undefined : { id: source.userId, type: "dm" };
}

/** The bot was blocked by a user, or taken out of a group. */
function goneBy(event: LineEvent): ChatEvent | undefined {
  const chat = chatOf(event);
  const isGone = event.type === "unfollow" || event.type === "leave";
  return isGone && chat ? { chat, at: event.timestamp } : undefined;
}

/** The words without the bot's own name, wherever that stands. Places are UTF-16 units. */
function withoutMentions({ text = "", mention }: LineMessage): { readonly text: string; readonly isNamed: boolean } {
  const own = (mention?.mentionees ?? []).filter(({ isSelf }) => isSelf).toSorted((a, b) => b.index - a.index);
  const rest = own.reduce((words, { index, length }) => words.slice(0, index) + words.slice(index + length), text);
  return { text: own.length > 0 ? rest.replace(/ {2,}/g, " ").trim() : text, isNamed: own.length > 0 };
}

const KINDS: Readonly<Record<string, Attachment["kind"]>> = {
  ...{ image: "image", video: "video", audio: "audio", file: "file", sticker: "sticker", location: "location" },
};

/** What comes with a message, or instead of words. A file is fetched by the message's id. */
function attachmentOf(message: LineMessage): Attachment | undefined {
  const { id, type, fileName, fileSize, duration, keywords, title, address, latitude, longitude } = message;
  if (type === "text") return undefined;
  const kind = KINDS[type] ?? "other";
  const place = title ?? address ?? (latitude === undefined ? undefined : `${latitude},${longitude}`);
  const name = kind === "sticker" ? keywords?.[0] : kind === "location" ? place : fileName;
  const isFile = !["sticker", "location", "other"].includes(kind);
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(fileSize === undefined ? {} : { size: fileSize }),
    ...(duration === undefined ? {} : { duration: Math.round(duration / 1000) }),
    ...(isFile ? { handle: id } : {}),
  };
}
