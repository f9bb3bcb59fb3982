import { createHash } from "node:crypto";
import type { Said } from "../PlatformSimulator.ts";
import { BOT_USER, commandBody, TEAM } from "./slackCalls.ts";

/** The bot's name, as people write it behind an "@". */
const BOT_NAME = "vesper";

/** Slack's id for a name, always the same; an id stays what it is. `U`: a user, `C`: a channel, `D`: direct messages. */
function idOf(kind: "U" | "C" | "D", name: string): string {
  if (/^[UWCDG][A-Z0-9]{6,}$/.test(name)) return name;
  return `${kind}${createHash("sha256").update(`${kind} ${name}`).digest("hex").slice(0, 10).toUpperCase()}`;
}

/** Where somebody writes. */
export function channelOf({ conversation, chatType }: Said): string {
  return idOf(chatType === "dm" ? "D" : "C", conversation);
}

/** A text that Slack takes for a slash command: not in a thread, where it knows none. */
export function isSlashCommand({ text, chatType }: Said): boolean {
  return chatType !== "thread" && /^\/[a-z]+(\s|$)/.test(text);
}

/** The event of a message: https://docs.slack.dev/reference/events/message */
export function writtenEvent(said: Said, ts: string, thread: string | undefined) {
  return {
    type: "message",
    channel: channelOf(said),
    channel_type: said.chatType === "dm" ? "im" : "channel",
    user: idOf("U", said.user),
    team: TEAM,
    text: encode(said.text),
    ts,
    event_ts: ts,
    client_msg_id: crypto.randomUUID(),
    ...(thread === undefined || thread === ts ? {} : { thread_ts: thread }),
  };
}

/** The form of a slash command. */
export function writtenCommand(said: Said, response_url: string, trigger_id: string): string {
  const [command = "", ...words] = said.text.split(/(?<=^\S+)\s+/);
  return commandBody({
    ...{ command, text: encode(words.join(" ")), response_url, trigger_id },
    ...{ channel_id: channelOf(said), channel_name: said.chatType === "dm" ? "directmessage" : said.conversation },
    ...{ user_id: idOf("U", said.user), user_name: said.user },
  });
}

/** https://docs.slack.dev/messaging/formatting-message-text#retrieving-messages */
function encode(text: string): string {
  return text
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/(?<!\S)@(\w+)/g, (_, name: string) => `<@${name === BOT_NAME ? BOT_USER : idOf("U", name)}>`);
}
