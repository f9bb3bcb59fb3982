import type { GenericMessageEvent } from "@slack/types";
import { commandBody, eventBody, signCall } from "../../../../emulators/platforms/slack/slackCalls.ts";
import type { WebhookRequest } from "../../../../lib/adapter/Platform.ts";

export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";

/** A person and her direct messages with the bot, and a channel. */
export const ANA = "U2147483697";
export const DM = "D024BE91L";
export const CHANNEL = "C2147483705";

type Fields = Readonly<Record<string, unknown>>;

/** When the messages of these tests were written. */
const FIRST = 1_772_366_400;

/** A body as Slack posts it, signed now. */
export function slackCall(body: string, contentType = "application/json", now = Date.now()): WebhookRequest {
  const { headers } = signCall(SIGNING_SECRET, Math.floor(now / 1000), body, contentType);
  return {
    method: "POST",
    url: "https://gateway.example.com/webhooks/slack",
    headers,
    query: {},
    body: Buffer.from(body),
  };
}

/** The call that brings an event. */
export function eventCall(event: Fields): WebhookRequest {
  return slackCall(eventBody(event));
}

/** The call of a slash command. */
export function commandCall(changes: Readonly<Record<string, string>>): WebhookRequest {
  return slackCall(commandBody(changes), "application/x-www-form-urlencoded");
}

/** A message of Ana's in her direct messages with the bot, as Slack's own types have it; `changes` go into it. */
export function messageEvent(changes: Fields = {}, number = 1): Fields {
  const ts = tsOf(number);
  const event: GenericMessageEvent = {
    type: "message",
    subtype: undefined,
    channel: DM,
    channel_type: "im",
    user: ANA,
    team: "T061EG9R6",
    text: "Hello",
    ts,
    event_ts: ts,
    client_msg_id: "a96b52d6-9b09-4d1f-9c0c-7d0bd2e3f1c9",
  };
  return { ...event, ...changes };
}

/** The same in a channel. */
export function channelEvent(changes: Fields = {}, number = 1): Fields {
  return messageEvent({ channel: CHANNEL, channel_type: "channel", ...changes }, number);
}

export function tsOf(number: number): string {
  return `${FIRST + number}.000200`;
}
