import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { TEAM, telegramChat } from "../harness/telegramChat.ts";

describe("the gateway, answering on Telegram,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  /** From now on the agent says that, after so many milliseconds. */
  const talk = (words: string, delay = 0) => {
    const agent = defineAdapter("agent", "talker", strictFields({}), () => ({
      reply: () => new Promise<string>((resolve) => setTimeout(() => resolve(words), delay)),
    }));
    harness.deploy({ agent: agent(), inGroups: { answer: "always" } });
  };

  it("shows the agent's Markdown in Telegram's own marks", async () => {
    talk("Take the **blue** one:\n```sh\nls\n```");
    await chat.send({ text: "Which?" });
    expect(harness.bot.sent).toMatchObject([
      {
        text: "Take the blue one:\nls",
        entities: [
          { type: "bold", offset: 9, length: 4 },
          { type: "pre", offset: 19, length: 2, language: "sh" },
        ],
      },
    ]);
  });

  it("sends what Telegram refuses for its marks as it was written", async () => {
    talk("> quoted **words**");
    harness.bot.refuseEntity("blockquote");
    await chat.send({ text: "Which?" });
    expect(harness.bot.sent).toMatchObject([{ text: "> quoted **words**" }]);
    expect(harness.bot.sent[0]).not.toHaveProperty("entities");
  });

  it("quotes the question once in a long reply, which makes one sound, and keeps its pieces' ids with its progress", async () => {
    talk(Array.from({ length: 3 }, (_, part) => `part ${part} ${"word ".repeat(700)}`).join("\n\n"));
    const { message_id } = await chat.send({ chat: TEAM, text: "Tell me all" });

    expect(harness.bot.sent.map((one) => [one.reply_parameters?.message_id, one.disable_notification])).toEqual([
      [message_id, undefined],
      [undefined, true],
      [undefined, true],
    ]);
    expect(await chat.turns()).toMatchObject([{ sentIds: { 0: "1", 1: "2" } }]);
  });

  it("never ends a piece within a character as people see it", async () => {
    const family = "👩‍👩‍👧";
    // So that the limit does not fall between two by chance.
    talk(`x${family.repeat(1_000)}`);
    await chat.send({ text: "Tell me all" });
    const texts = harness.bot.sent.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text.replace(/^x/, "").replaceAll(family, "")).toBe("");
  });

  it("shows that an agent is typing that works for longer than a moment, and not one that answers at once", async () => {
    talk("ok");
    await chat.send({ text: "one" });
    expect(harness.bot.typing).toEqual([]);
    talk("ok", 1_000);
    await chat.send({ text: "two" });
    expect(harness.bot.typing).toEqual([4711]);
    expect(chat.replies()).toEqual(["ok", "ok"]);
  });

  it("lets no reply wait for a sign of life that can't be shown", async () => {
    talk("ok", 1_000);
    harness.bot.failNext(1, 500);
    await chat.send({ text: "one" });
    expect(chat.replies()).toEqual(["ok"]);
    expect(harness.logged.map(({ event }) => event)).toContain("typing.failed");
  });

  /** From now on the agent writes for some seconds. */
  const write = () => {
    const agent = defineAdapter("agent", "writer", strictFields({}), () => ({
      reply: async ({ show }: AgentInput) => {
        for (let words = 1; words <= 40; words++) {
          show?.(`**${"word ".repeat(words).trim()}`);
          await sleep(50);
        }
        return "The **answer**.";
      },
    }));
    harness.deploy({ agent: agent(), inGroups: { answer: "always" } });
  };

  it("lets a reply grow in a private chat, also in its topic, and sends it whole", async () => {
    write();
    await chat.send({ text: "one", is_topic_message: true, message_thread_id: 7 });
    const { drafts, sent } = harness.bot;
    expect(drafts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(drafts.map(({ draft_id, message_thread_id }) => `${draft_id} ${message_thread_id}`)).size).toBe(1);
    expect(drafts.at(-1)?.text).toMatch(/^\*\*(word ?)+$/);
    expect(sent).toMatchObject([{ text: "The answer.", message_thread_id: 7 }]);
    expect(harness.bot.drafting(4711)).toBeUndefined();
    expect((await chat.turns())[0]).not.toHaveProperty("draft");
  });

  it("shows no draft in a group, where Telegram has none, and is typing instead", async () => {
    write();
    await chat.send({ chat: TEAM, text: "one" });
    expect([harness.bot.drafts, harness.bot.typing]).toEqual([[], [TEAM.id]]);
    expect(chat.replies()).toEqual(["The answer."]);
  });
});
