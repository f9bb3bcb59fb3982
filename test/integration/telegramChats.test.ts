import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";
import { ANA, commandMark, DM, TEAM, telegramChat } from "../harness/telegramChat.ts";

const BEN = { id: 4712, is_bot: false, first_name: "Ben" };

describe("the gateway, given what people send on Telegram,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  const now = () => Math.floor(harness.clock.now() / 1000);

  it("lets a group that becomes a supergroup keep its session and its memories", async () => {
    harness.deploy({
      sessions: { default: { idle: "30m" }, byChatType: { group: "none" } },
      inGroups: { answer: "always" },
    });
    const old = { id: -500, title: "Team", type: "group" };
    await chat.send({ chat: old, text: "I work as a baker" });
    await chat.send({ chat: old, migrate_to_chat_id: TEAM.id });
    await chat.send({ chat: TEAM, migrate_from_chat_id: old.id });
    await chat.send({ chat: TEAM, text: "Still here?" });

    expect(await sessionRows(harness)).toMatchObject([{ status: "open", chat: { id: "-500" } }]);
    expect(harness.bot.sent.at(-1)).toMatchObject({ chat_id: TEAM.id, text: "You said: Still here?" });

    await chat.send({ chat: TEAM, text: "/reset", ...commandMark(6) });
    expect(harness.delivered()).toMatchObject([{ turns: 2, messages: [{ content: "I work as a baker" }, {}, {}, {}] }]);
    await chat.send({ chat: TEAM, text: "What do you know about me?" });
    expect(chat.replies().at(-1)).toContain("Works as a baker");
  });

  it("sends a reply that is due when the group moves to its new id", async () => {
    harness.deploy({ inGroups: { answer: "always" } });
    harness.bot.migrate(-500, TEAM.id);
    await chat.send({ chat: { id: -500, title: "Team", type: "group" }, text: "hello" });
    expect(harness.bot.sent).toMatchObject([{ chat_id: TEAM.id, text: "You said: hello" }]);
  });

  const DAY = "24h";
  const dailySweeps = async (days: number) => {
    for (let day = 0; day < days; day++) {
      harness.advance(DAY);
      await harness.sweep();
      await harness.settle();
    }
  };

  it.each(["bot was kicked from the group chat", "bot was blocked by the user", "user is deactivated"])(
    "ends the session of a chat that refuses us for good (%s) under every policy",
    async (why) => {
      harness.deploy({ sessions: { default: "none" }, inGroups: { answer: "always" } });
      await chat.send({ chat: TEAM, text: "I work as a baker" });
      harness.bot.refuse(TEAM.id, 403, `Forbidden: ${why}`);
      await chat.send({ chat: TEAM, text: "and I like tea" });

      expect(harness.delivered()).toMatchObject([
        { reason: "gone", turns: 2, messages: [{ content: "I work as a baker" }, {}, { content: "and I like tea" }] },
      ]);
    },
  );

  it("ends all members' sessions within a day when the bot is removed from a group", async () => {
    harness.deploy({ sessions: { default: "none" }, inGroups: { answer: "always" } });
    await chat.send({ chat: TEAM, text: "I like tea" });
    await chat.send({ chat: TEAM, from: BEN, text: "I like jazz" });
    await chat.deliver({
      my_chat_member: { chat: TEAM, from: ANA, date: now(), new_chat_member: { status: "kicked" } },
    });
    expect(harness.delivered()).toEqual([]);
    await dailySweeps(2);

    expect(
      harness
        .delivered()
        .map(({ reason, users }) => [reason, users[0].name])
        .sort(),
    ).toEqual([
      ["gone", "Ana"],
      ["gone", "Ben"],
    ]);
  });

  it("ends the session at once when its user blocks the bot; one who comes back begins another, which stays", async () => {
    harness.deploy({ sessions: { default: "none" } });
    await chat.send({ text: "I like tea" });
    await chat.deliver({ my_chat_member: { chat: DM, from: ANA, date: now(), new_chat_member: { status: "kicked" } } });
    expect(harness.delivered()).toMatchObject([{ reason: "gone", turns: 1 }]);

    await chat.send({ text: "Back again" });
    await dailySweeps(3);
    expect((await sessionRows(harness)).at(-1)).toMatchObject({ status: "open" });
  });

  it("sends a reply for a topic that is gone once more outside of it, and still quotes what it answers", async () => {
    harness.bot.closeTopic(TEAM.id, 17);
    const topic = { chat: { ...TEAM, is_forum: true }, message_thread_id: 17, is_topic_message: true };
    harness.deploy({ inGroups: { answer: "always" } });
    const { message_id } = await chat.send({ ...topic, text: "Are you there?" });

    expect(harness.bot.requests.filter(({ path }) => path.endsWith("sendMessage"))).toHaveLength(2);
    expect(harness.bot.sent).toMatchObject([{ chat_id: TEAM.id, reply_parameters: { message_id } }]);
    expect(harness.bot.sent[0]).not.toHaveProperty("message_thread_id");
  });
});
