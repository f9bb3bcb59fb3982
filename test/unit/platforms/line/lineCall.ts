import { CHANNEL } from "../../../../emulators/platforms/line/startLineFake.ts";
import { webhookCall } from "../../../../emulators/platforms/line/webhookCall.ts";

export const ADDRESS = "https://gateway.example.com/webhooks/line";

/** LINE's call with these events, or this body, of the test's channel. */
export function lineCall(events: readonly object[] | string) {
  return webhookCall(events, CHANNEL.channelSecret, ADDRESS);
}

export const AT = Date.parse("2026-03-02T10:00:00Z");

/** A text of a user's, in a direct chat. */
export function eventOf(message: object = {}, changes: object = {}) {
  return {
    ...{
      type: "message",
      mode: "active",
      timestamp: AT,
      replyToken: "token-1",
      webhookEventId: "01FZ74A0TDDPYRVKNK77XKC3ZR",
    },
    ...{ deliveryContext: { isRedelivery: false }, source: { type: "user", userId: "U4711" } },
    ...changes,
    message: { id: "444573844083572737", type: "text", quoteToken: "q3Plxr4AgKd", text: "Hello", ...message },
  };
}
