import type { AppMentionEvent, MessageChangedEvent } from "@slack/types";
import { tsOf } from "./slackCall.ts";

export type Fields = Readonly<Record<string, unknown>>;

/** The same text as `app_mention` brings it, which says less of where it was written. */
export const mentionEvent = ({ channel_type: _, ...message }: Fields): Fields => {
  const typed: Pick<AppMentionEvent, "type"> = { type: "app_mention" };
  return { ...message, ...typed };
};

export const changed = (before: Fields, changes: Fields, number = 5): Fields => {
  const { channel, channel_type, ...message } = before;
  const event: Pick<MessageChangedEvent, "type" | "subtype" | "hidden"> = {
    type: "message",
    subtype: "message_changed",
    hidden: true,
  };
  const ts = tsOf(number);
  return {
    ...event,
    channel,
    channel_type,
    ts,
    event_ts: ts,
    message: { ...message, ...changes },
    previous_message: message,
  };
};
