import { WebhookError } from "../../adapter/errors.ts";
import { takeCommand } from "../../adapter/text/parseCommand.ts";
import { cleanText } from "../../adapter/text/truncate.ts";
import type { Attachment } from "../../domain/Attachment.ts";
import type { Chat, ChatEvent, InboundMessage, Quoted } from "../../domain/InboundMessage.ts";
import type { Json } from "../../domain/json.ts";
import { attachmentOf } from "./attachmentOf.ts";
import { ASK } from "./commands.ts";
import type { DiscordCommand, DiscordEvent, DiscordUser, ReplyTo } from "./schema.ts";

/** How long an interaction can be answered by its token, milliseconds. */
export const TOKEN_LIFETIME = 15 * 60_000;

/** The epoch of Discord's ids, milliseconds. https://discord.com/developers/docs/reference#snowflakes */
const EPOCH = 1_420_070_400_000;

const CHAT_INPUT = 1;
const MESSAGE_MENU = 3;
const ATTACHMENT_OPTION = 11;
const BOT_DM = 1;
const DM_CHANNEL = 1;
const THREADS = [10, 11, 12];

/** What a user says, apart from who and where. */
type Words = Pick<InboundMessage, "text" | "command" | "quoted" | "attachments">;

/**
 * The message in a command's interaction; undefined for a command that says nothing to the agent. Throws `WebhookError`
 * where it names no user. Pure.
 *
 * @param hasToken whether a bot's token is configured, with which it can be answered later, too
 */
export function normalise(command: DiscordCommand, hasToken: boolean): InboundMessage | undefined {
  const { id, member, user = member?.user } = command;
  if (!user) throw new WebhookError(400, "user is missing; it must be a User, or within member", { field: "user" });
  const words = wordsOf(command);
  if (!words) return undefined;
  const chat = chatOf(command, user);
  const sentAt = timeOf(id);
  const replyTo = replyToOf(command, chat, sentAt);
  return {
    messageId: id,
    sentAt,
    chat,
    user: { id: user.id, name: nameOf(user, member?.nick) },
    role: "user",
    ...words,
    // Nobody else's command arrives.
    ...(chat.type === "dm" ? {} : { mentioned: true }),
    origin: "chat",
    replyTo,
    ...(hasToken && replyTo.channel !== undefined ? {} : { replyUntil: replyTo.until }),
  };
}

/**
 * That a user has taken the app off their account: nothing arrives in their direct messages any more. Where they come back,
 * or share a server with the app, the next message begins a session. Pure.
 */
export function chatNews({ type, timestamp = "", data }: DiscordEvent): readonly ChatEvent[] {
  if (type !== "APPLICATION_DEAUTHORIZED" || !data?.user) return [];
  // In UTC, though Discord does not write the zone.
  const at = Date.parse(/Z|[+-]\d\d:\d\d$/.test(timestamp) ? timestamp : `${timestamp}Z`);
  return [{ chat: { id: data.user.id, type: "dm" }, ...(Number.isNaN(at) ? {} : { at }) }];
}

function wordsOf({ application_id: app, data }: DiscordCommand): Words | undefined {
  const { name, type = CHAT_INPUT, options = [], resolved = {}, target_id: target = "" } = data;
  if (type === MESSAGE_MENU) {
    const message = resolved.messages?.[target];
    if (!message) return undefined;
    const quoted: Quoted = {
      text: cleanText(message.content ?? ""),
      ...(message.author ? { author: nameOf(message.author) } : {}),
    };
    const attachments = (message.attachments ?? []).map(attachmentOf);
    return {
      text: cleanText(name),
      ...(quoted.text.trim() === "" ? {} : { quoted }),
      ...some(attachments),
    };
  }
  if (type !== CHAT_INPUT) return undefined;
  const files = options.filter((option) => option.type === ATTACHMENT_OPTION);
  const attachments = files.flatMap(({ value }) => {
    const file = resolved.attachments?.[String(value)];
    return file ? [attachmentOf(file)] : [];
  });
  const said = options.filter((option) => !files.includes(option)).map(({ value = "" }) => String(value));
  const text = withoutMention(cleanText(said.join(" ")), app).trim();
  if (name === ASK) return text === "" && attachments.length === 0 ? undefined : { text, ...some(attachments) };
  const given = cleanText(`/${name} ${text}`).trim();
  return { ...takeCommand(given, name.length + 1), ...some(attachments) };
}

function some(attachments: readonly Attachment[]): Pick<Words, "attachments"> {
  return attachments.length > 0 ? { attachments } : {};
}

/** A bot has its application's id. */
function withoutMention(text: string, app: string): string {
  return text.replaceAll(new RegExp(` ?<@!?${app}>[,:]?`, "g"), "");
}

/** A direct message is known by its user, as news of it names no channel. */
function chatOf({ channel_id: id, channel, context, guild_id: guild }: DiscordCommand, user: DiscordUser): Chat {
  const isDm = context === undefined ? guild === undefined && channel?.type === DM_CHANNEL : context === BOT_DM;
  if (isDm) return { id: user.id, type: "dm" };
  const parent = channel && THREADS.includes(channel.type) ? channel.parent_id : undefined;
  return parent ? { id: parent, type: "thread", thread: id } : { id, type: "group" };
}

/** Where the app is installed by its user alone, the bot is not: it can answer by the token, and in no other way. */
function replyToOf(
  { id, application_id: app, token, channel_id: channel, authorizing_integration_owners: owners }: DiscordCommand,
  { type }: Chat,
  sentAt: number,
): ReplyTo & Json {
  const isThere = type === "dm" || !owners || owners[0] !== undefined;
  return { id, app, token, until: sentAt + TOKEN_LIFETIME, ...(isThere ? { channel } : {}) };
}

/** When an id was given out, milliseconds since the epoch. */
function timeOf(snowflake: string): number {
  return Number(BigInt(snowflake) >> 22n) + EPOCH;
}

function nameOf({ id, username, global_name: display }: DiscordUser, nick?: string | null): string {
  const name = cleanText(nick || display || username)
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return name || id;
}
