import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { signingKey, signWebhook } from "../../lib/adapter/signing/standardWebhooks.ts";
import { listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";
import { TEAM, telegramChat } from "../harness/telegramChat.ts";
import { TEST_SECRET } from "../harness/webhookReceiver.ts";

const DM = "default/telegram/4711//";

describe("what the agent says of its own accord", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  /** As a program posts it. */
  async function post(body: object, id = "post-1") {
    const text = JSON.stringify(body);
    const key = signingKey(TEST_SECRET);
    if (!key) throw new Error("the test's secret is none");
    return harness.post("http", text, { ...signWebhook([key], id, harness.clock.now(), text) });
  }

  const speak = async (text: string, to = DM, id?: string) => {
    const answer = await post({ to, role: "assistant", text }, id);
    await harness.settle();
    return answer.statusCode;
  };

  const said = () =>
    harness
      .delivered()
      .at(-1)
      ?.messages.map(({ content }: { content: string }) => content);

  it("reaches a conversation of another platform once, and is the agent's own turn there", async () => {
    await chat.send({ text: "hello" });
    expect(await speak("**Dinner** is ready")).toBe(202);
    await speak("**Dinner** is ready");
    expect(chat.replies()).toEqual(["You said: hello", "Dinner is ready"]);
    expect(await chat.turns()).toMatchObject([
      { text: "hello" },
      { reply: "**Dinner** is ready", origin: "scheduled" },
    ]);
    harness.advance("1s");
    await chat.send({ text: "/reset", entities: [{ type: "bot_command", offset: 0, length: 6 }] });
    expect(said()).toEqual(["hello", "You said: hello", "**Dinner** is ready"]);
  });

  it("quotes nobody in a group, and goes to the lane of whom it is for", async () => {
    await chat.send({ chat: TEAM, text: "@vesper_bot hi", entities: [{ type: "mention", offset: 0, length: 11 }] });
    const [session] = await sessionRows(harness);
    await speak("Lunch?", session?.conversation);
    expect(harness.bot.sent.at(-1)).toEqual({ message_id: 2, chat_id: TEAM.id, text: "Lunch?" });
  });

  it("begins a session of its own where the last one has ended, which is remembered once somebody answers", async () => {
    await chat.send({ text: "hello" });
    harness.advance("31m");
    await harness.sweep();
    await harness.settle();
    await harness.ttl();
    await harness.settle();
    await speak("How are you?");
    expect(chat.replies().at(-1)).toBe("How are you?");
    expect((await sessionRows(harness)).map(({ origin }) => origin)).toEqual(["chat", "scheduled"]);
    await chat.send({ text: "Fine" });
    harness.advance("31m");
    await harness.sweep();
    await harness.settle();
    expect(said()?.slice(0, 2)).toEqual(["How are you?", "Fine"]);
  });

  it("is tried again as a reply is, is left to an operator at last, and can be sent again", async () => {
    await chat.send({ text: "hello" });
    harness.bot.failNext(1, 503);
    await speak("one", DM, "post-1");
    harness.advance("3s");
    await harness.settle();
    harness.bot.failNext(1, 429, { "retry-after": "86400" });
    await speak("two", DM, "post-2");
    expect(chat.replies()).toEqual(["You said: hello", "one"]);
    const [reply] = (await listFailedReplies(harness.services, { limit: 5 })).replies;
    if (!reply) throw new Error("nothing is left to an operator");
    await resendReply(harness.services, harness.inbound, reply);
    await harness.settle();
    expect(chat.replies()).toEqual(["You said: hello", "one", "two"]);
  });

  it("reaches a program's conversation, too, and answers none of its messages", async () => {
    await harness.chat("hello");
    await speak("by the way", "default/http/ann//");
    expect(harness.replies.effects.at(-1)?.body).toEqual({
      ...{ conversation: "ann", session: expect.any(String), text: "by the way", isLast: true },
    });
  });

  it("reaches nobody who has never written, and says so in the log", async () => {
    expect(await speak("hello?", "default/telegram/99//")).toBe(202);
    expect(harness.bot.sent).toEqual([]);
    expect(harness.logged.map(({ event }) => event)).toContain("speak.unreachable");
    expect(await sessionRows(harness)).toEqual([]);
  });

  it.each([
    ["a conversation of no platform", { to: "default/slack/1//", role: "assistant", text: "x" }, "to"],
    ["another tenant's", { to: "other/telegram/1//", role: "assistant", text: "x" }, "to"],
    ["no key", { to: "4711", role: "assistant", text: "x" }, "to"],
    ["a user's words", { to: DM, role: "user", text: "x" }, "role"],
    ["no words", { to: DM, role: "assistant", text: " " }, "text"],
    ["more than it takes", { to: DM, role: "assistant", text: "x", user: { id: "ann" } }, "user"],
  ])("is refused with the field's name: %s", async (_, body, field) => {
    const { statusCode, body: problem } = await post(body);
    expect({ statusCode, ...JSON.parse(problem ?? "") }).toMatchObject({ statusCode: 400, field });
  });
});
