import type { InboundJob } from "../../lib/domain/InboundJob.ts";
import type { Turn } from "../../lib/domain/Turn.ts";

/** When it was written, and when it is sent. */
export const NOW = Date.parse("2026-03-02T10:00:00Z");

/** The message that is answered. */
export const JOB: InboundJob = {
  ...{ v: 1, platform: "http", enqueueId: "c1", receivedAt: NOW },
  message: {
    ...{ messageId: "d1", chat: { id: "7", type: "dm" }, role: "user", text: "hello", origin: "chat", replyTo: "to" },
  },
};

/** Its turn, with a reply of two words, of which nothing is sent yet. */
export const TURN: Turn = {
  ...{ sk: "TURN#1", kind: "turn", messageId: "d1", at: NOW, origin: "chat", text: "hello", reply: "one two" },
  ...{ status: "done", enqueueId: "c1", sent: 0 },
};
