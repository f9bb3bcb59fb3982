import type { Chat, ChatEvent, InboundMessage } from "../../domain/InboundMessage.ts";
import { attachmentsOf } from "./attachmentsOf.ts";
import { readWords } from "./readCommand.ts";
import { readText } from "./readText.ts";
import type { SlackMessage } from "./schema.ts";

/** What a person wrote comes under these; under any other is what happened in a channel, or what a bot wrote. */
export const WRITTEN: readonly (string | null | undefined)[] = [
  undefined,
  null,
  "file_share",
  "thread_broadcast",
  "me_message",
];

/**
 * The message of an event, whether it came as `message` or as `app_mention`: both have the same identity. Undefined for
 * what no person wrote (this bot, other bots, Slack itself), and for what has neither words nor a file. Pure.
 *
 * @param bot the bot's user id, where Slack says it
 */
export function messageOf(event: SlackMessage, bot: string | undefined): InboundMessage | undefined {
  const { user, text, ts, channel, thread_ts: thread } = event;
  if (!user || user === bot || user === "USLACKBOT" || event.bot_id || !WRITTEN.includes(event.subtype))
    return undefined;
  const isDirect = isDirectMessage(event);
  // Only "app_mention" is sure to name the bot where Slack does not say who that is.
  const named = bot ?? (event.type === "app_mention" ? /<@(\w+)/.exec(text ?? "")?.[1] : undefined);
  const own = readText(text ?? "", named);
  const shared = sharedIn(event);
  const attachments = attachmentsOf([...(event.files ?? []), ...(shared?.files ?? [])]);
  const isForwarded = own.text === "" && shared !== undefined && shared.text !== "";
  const words = isForwarded ? { text: shared.text } : readWords(own.text, isDirect || own.mentionsUs);
  if (words.text === "" && words.command === undefined && attachments.length === 0) return undefined;
  const author = shared?.author === undefined ? {} : { author: shared.author };
  // A message of a channel begins a thread, into which it is answered.
  const root = thread ?? (isDirect ? undefined : ts);
  return {
    messageId: `${ts}-${channel}`,
    ref: ts,
    sentAt: millisecondsOf(ts),
    chat: chatOf(isDirect, isDirect ? user : channel, root),
    ...(isDirect ? {} : { mayHaveMoved: true }),
    user: { id: user },
    role: "user",
    ...words,
    ...(isDirect ? {} : { mentioned: own.mentionsUs || (bot !== undefined && event.parent_user_id === bot) }),
    ...(isForwarded ? { forwarded: shared.author === undefined ? {} : { from: shared.author } } : {}),
    ...(!isForwarded && shared && shared.text !== "" ? { quoted: { text: shared.text, ...author } } : {}),
    ...(attachments.length > 0 ? { attachments } : {}),
    origin: "chat",
    replyTo: { channel, ...(root === undefined ? {} : { thread: root }) },
  };
}

/** A direct message is known by its user: slash commands in any place are of the same conversation. */
function chatOf(isDirect: boolean, id: string, thread: string | undefined): Chat {
  return { id, type: isDirect ? "dm" : "thread", ...(thread === undefined ? {} : { thread }) };
}

/** `app_mention` has no `channel_type`, and does not come of direct messages. */
function isDirectMessage({ channel_type, channel }: SlackMessage): boolean {
  return channel_type === "im" || (channel_type == null && channel.startsWith("D"));
}

/** The correction of a message: its words as they are now. Undefined for what only adds a preview, or would be a command. */
export function correctionOf(
  event: SlackMessage,
  changed: { readonly at: string; readonly before: string | null | undefined },
  bot: string | undefined,
): InboundMessage | undefined {
  if (!event.edited || event.text === changed.before) return undefined;
  const made = messageOf(event, bot);
  if (!made || made.command !== undefined || made.forwarded || made.text === "") return undefined;
  const { ref, attachments: _, ...edit } = made;
  if (ref === undefined) return undefined;
  return {
    ...edit,
    messageId: `${changed.at}-${event.channel}`,
    edits: ref,
    sentAt: millisecondsOf(event.edited.ts),
  };
}

/** That a channel is gone for good, or has another id. */
export function newsOf(channel: string, at: string | null | undefined, movedTo?: string): ChatEvent {
  return {
    chat: { id: channel, type: "group" },
    ...(movedTo === undefined ? {} : { movedTo }),
    ...(at == null ? {} : { at: millisecondsOf(at) }),
  };
}

function sharedIn({ attachments }: SlackMessage) {
  const shared = attachments?.find(({ is_share }) => is_share === true);
  if (!shared) return undefined;
  const { text } = readText(shared.text ?? "");
  const author = readText(shared.author_name ?? "").text.replace(/[\p{Cc}\s]+/gu, " ");
  return { text, files: shared.files ?? [], author: author === "" ? undefined : author };
}

function millisecondsOf(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}
