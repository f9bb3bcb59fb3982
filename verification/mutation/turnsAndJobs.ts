import type { InboundJob } from "../../lib/domain/InboundJob.ts";
import type { Turn } from "../../lib/domain/Turn.ts";

export const NOW = Date.parse("2026-03-02T10:00:00Z");

export const ANN = { id: "ann" };

export type Message = InboundJob["message"];

/** The job of a message of Ann's. */
export function jobOf(message: Partial<Message> = {}): InboundJob {
  return {
    ...{ v: 1, platform: "http", enqueueId: "c1", receivedAt: NOW },
    message: {
      ...{ messageId: "d9", sentAt: NOW, chat: { id: "7", type: "dm" }, user: ANN, role: "user", text: "hello" },
      ...{ origin: "chat", replyTo: null, ...message },
    },
  };
}

/** A turn that was made before. */
export function past(turn: Partial<Turn>): Turn {
  return {
    ...{
      sk: "TURN#1",
      kind: "turn",
      messageId: "d1",
      at: NOW,
      origin: "chat",
      user: ANN,
      text: "before",
      reply: "yes",
    },
    ...{ status: "done", enqueueId: "c0", sent: 0, ...turn },
  };
}
