import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { secret } from "../../lib/adapter/options.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { chat } from "../../lib/agents/chat/chat.ts";
import { openai } from "../../lib/models/openai/openai.ts";
import { startCompletionsFake } from "../harness/completionsFake.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { plantedSecret } from "../harness/plantedSecret.ts";
import { TEAM, telegramChat } from "../harness/telegramChat.ts";

describe("the gateway, answering on Telegram,", () => {
  let harness: GatewayHarness;
  let user: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    user = telegramChat(harness);
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
    await user.send({ text: "Which?" });
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
    await user.send({ text: "Which?" });
    expect(harness.bot.sent).toMatchObject([{ text: "> quoted **words**" }]);
    expect(harness.bot.sent[0]).not.toHaveProperty("entities");
  });

  it("quotes the question once in a long reply, which makes one sound, and keeps its pieces' ids with its progress", async () => {
    talk(Array.from({ length: 3 }, (_, part) => `part ${part} ${"word ".repeat(700)}`).join("\n\n"));
    const { message_id } = await user.send({ chat: TEAM, text: "Tell me all" });

    expect(harness.bot.sent.map((one) => [one.reply_parameters?.message_id, one.disable_notification])).toEqual([
      [message_id, undefined],
      [undefined, true],
      [undefined, true],
    ]);
    expect(await user.turns()).toMatchObject([{ sentIds: { 0: "1", 1: "2" } }]);
  });

  it("never ends a piece within a character as people see it", async () => {
    const family = "👩‍👩‍👧";
    // So that the limit does not fall between two by chance.
    talk(`x${family.repeat(1_000)}`);
    await user.send({ text: "Tell me all" });
    const texts = harness.bot.sent.map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(1);
    for (const text of texts) expect(text.replace(/^x/, "").replaceAll(family, "")).toBe("");
  });

  it("shows that an agent is typing that works for longer than a moment, and not one that answers at once", async () => {
    talk("ok");
    await user.send({ text: "one" });
    expect(harness.bot.typing).toEqual([]);
    talk("ok", 1_000);
    await user.send({ text: "two" });
    expect(harness.bot.typing).toEqual([4711]);
    expect(user.replies()).toEqual(["ok", "ok"]);
  });

  it("lets no reply wait for a sign of life that can't be shown", async () => {
    talk("ok", 1_000);
    harness.bot.failNext(1, 500);
    await user.send({ text: "one" });
    expect(user.replies()).toEqual(["ok"]);
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
    await user.send({ text: "one", is_topic_message: true, message_thread_id: 7 });
    const { drafts, sent } = harness.bot;
    expect(drafts.length).toBeGreaterThanOrEqual(2);
    expect(new Set(drafts.map(({ draft_id, message_thread_id }) => `${draft_id} ${message_thread_id}`)).size).toBe(1);
    expect(drafts.at(-1)?.text).toMatch(/^\*\*(word ?)+$/);
    expect(sent).toMatchObject([{ text: "The answer.", message_thread_id: 7 }]);
    expect(harness.bot.drafting(4711)).toBeUndefined();
    expect((await user.turns())[0]).not.toHaveProperty("draft");
  });

  it("shows no draft in a group, where Telegram has none, and is typing instead", async () => {
    write();
    await user.send({ chat: TEAM, text: "one" });
    expect([harness.bot.drafts, harness.bot.typing]).toEqual([[], [TEAM.id]]);
    expect(user.replies()).toEqual(["The answer."]);
  });

  it("shows a language model's words as they come, and stores the whole", async () => {
    const words = "This is an answer of a good many words, which takes its time. ".repeat(25).trim();
    const model = await startCompletionsFake(() => words, plantedSecret("MODEL_KEY"));
    const options = { model: "stub-1", key: secret("MODEL_KEY"), baseUrl: model.baseUrl };
    harness.deploy({ agent: chat({ model: openai(options) }) });
    await user.send({ text: "one" });
    await model.close();

    const [draft] = harness.bot.drafts;
    expect(draft?.text?.length).toBeGreaterThan(10);
    expect(words.startsWith(draft?.text?.trim() ?? "none")).toBe(true);
    expect(harness.bot.sent).toMatchObject([{ text: words }]);
    expect(await user.turns()).toMatchObject([{ reply: words, status: "done" }]);
  });
});
