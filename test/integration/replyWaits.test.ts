import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { queueDepth } from "../harness/rows.ts";
import { failedReplies, telegram } from "./replySteps.ts";

describe("a reply", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("keeps a wait of hours that the platform asks for: no call, no try and no DLQ message, and then it goes on", async () => {
    harness.bot.failNext(1, 429, { "retry-after": "21600" });
    await telegram(harness, "Are you there?", 1);
    await telegram(harness, "Hello?", 2);
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(1);
    for (let minutes = 0; minutes < 359; minutes += 15) {
      harness.advance("14m");
      await harness.settle();
    }
    expect(harness.bot.requests).toHaveLength(1);

    harness.advance("30m");
    await harness.settle();
    expect(harness.bot.sent.map(({ text }) => text)).toEqual(["You said: Are you there?", "You said: Hello?"]);
    expect(await queueDepth(harness, harness.wiring.queues.inboundDead)).toBe(0);
  });

  it("keeps a wait of twelve hours, for which the queue has to hide the message twice", async () => {
    harness.bot.failNext(1, 429, { "retry-after": "43200" });
    await telegram(harness, "Are you there?", 1);
    await harness.settle();
    harness.advance("719m");
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(1);
    harness.advance("16m");
    await harness.settle();
    expect(harness.bot.sent).toHaveLength(1);
  });

  it("is left to an operator at a wait of more than twelve hours, and no reply of the session calls before that is over", async () => {
    harness.deploy({ sessions: { default: "none" } });
    harness.bot.failNext(1, 429, { "retry-after": "86400" });
    await telegram(harness, "Are you there?", 1);
    await telegram(harness, "Hello?", 2);
    await harness.settle();
    harness.advance("13h");
    await telegram(harness, "Anybody?", 3);
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(1);
    expect(await failedReplies(harness)).toHaveLength(2);

    harness.advance("662m");
    await harness.settle();
    expect(harness.bot.sent.map(({ text }) => text)).toEqual(["You said: Anybody?"]);
    expect(await failedReplies(harness)).toMatchObject([{ text: "Hello?" }, { text: "Are you there?" }]);
  });
});
