import { takeTurn } from "../../lib/message/takeTurn.ts";
import type { GatewayHarness } from "../harness/GatewayHarness.ts";

/** A function takes a message of Ann's, which came just now. */
export function take(harness: GatewayHarness, text: string, enqueueId: string) {
  const now = Date.now();
  return takeTurn(
    harness.services,
    {
      v: 1,
      platform: "http",
      enqueueId,
      receivedAt: now,
      message: {
        messageId: text,
        sentAt: now,
        chat: { id: "ann", type: "dm" },
        user: { id: "ann" },
        role: "user",
        text,
        origin: "chat",
        replyTo: { conversation: "ann" },
      },
    },
    { deadline: now + 60_000, number: 1, extend: async () => {} },
  );
}
