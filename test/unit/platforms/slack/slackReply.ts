import type { OutboundChunk } from "../../../../lib/adapter/Platform.ts";
import { CHANNEL, tsOf } from "./slackCall.ts";

export const THREAD = { channel: CHANNEL, thread: tsOf(1) };

export function chunk(changes: Partial<OutboundChunk> = {}): OutboundChunk {
  return {
    text: "Take the **blue** one",
    index: 0,
    isLast: true,
    replyTo: THREAD,
    key: "a1b2c3",
    session: "s-1",
    conversation: "c-1",
    inReplyTo: "d-1",
    ...changes,
  };
}

export const draft = (text: string, changes: object = {}) => ({
  text,
  replyTo: THREAD,
  key: "a1b2c3",
  signal: AbortSignal.timeout(3_000),
  ...changes,
});
