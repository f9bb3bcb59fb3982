import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import { deployClosing } from "../harness/deployClosing.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { telegramChat } from "../harness/telegramChat.ts";

const MINUTE = 60_000;

describe("a reply to a message that can be answered for two minutes", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
    deploy((now) => now + 2 * MINUTE);
  });
  afterEach(() => harness.stop());

  const deploy = (until: (now: number) => number, reply?: string) => deployClosing(harness, until, reply);

  const failed = async () => (await listFailedReplies(harness.services, { limit: 5 })).replies;

  it("goes out within that time", async () => {
    await chat.send({ text: "Are you there?" });
    expect(chat.replies()).toEqual(["Here I am"]);
  });

  it("is not sent after it: no call is made, nothing is left to an operator, and the turn says why", async () => {
    harness.bot.setMode(503);
    await chat.send({ text: "Are you there?" });
    harness.bot.setMode("ok");
    const { length } = harness.bot.requests;
    harness.advance("3m");
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(length);
    const [turn] = await chat.turns();
    expect(turn?.undelivered).toMatchObject({ kind: "gone", pieces: [{ index: 0, text: "Here I am" }] });
    expect(turn).not.toHaveProperty("reply");
    expect(await failed()).toEqual([]);
    const undelivered = harness.logged.find(({ event }) => event === "reply.undeliverable");
    expect(String(undelivered?.error)).toMatch(/the time to answer is over/);
  });

  it("keeps what arrived of it in time", async () => {
    deploy((now) => now + 2 * MINUTE, `${"word ".repeat(900)}\n\nthe rest`);
    harness.bot.passNext(1);
    harness.bot.failNext(20, 503);
    await chat.send({ text: "Tell me all" });
    harness.advance("3m");
    await harness.settle();
    expect(chat.replies()).toHaveLength(1);
    const [turn] = await chat.turns();
    expect(turn).toMatchObject({
      reply: chat.replies()[0],
      undelivered: { kind: "gone", pieces: [{ index: 1, text: expect.stringContaining("the rest") }] },
    });
  });

  it("is sent again by no operator after it: it leaves the list without a call", async () => {
    harness.bot.failNext(1, 429, { "retry-after": "86400" });
    await chat.send({ text: "Are you there?" });
    const [reply] = await failed();
    if (!reply) throw new Error("the reply is not left to an operator");
    harness.advance("3m");
    const { length } = harness.bot.requests;
    expect(await resendReply(harness.services, harness.inbound, reply)).toBe(true);
    await harness.settle();
    expect(harness.bot.requests).toHaveLength(length);
    expect(await failed()).toEqual([]);
    expect((await chat.turns())[0]?.undelivered).toMatchObject({ kind: "gone", replyUntil: expect.any(Number) });
  });

  it.each([Number.NaN, -1, 1.5, 1e300])(
    "may go out at any time where the platform says %d, which is none",
    async (until) => {
      deploy(() => until);
      await chat.send({ text: "Are you there?" });
      expect(chat.replies()).toEqual(["Here I am"]);
    },
  );
});
