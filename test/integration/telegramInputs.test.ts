import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { ANA, commandMark, DM, TEAM, telegramChat } from "../harness/telegramChat.ts";

/** An agent that says "ok", and keeps what it was asked. */
function listener(takesAttachments = false) {
  const asked: AgentInput[] = [];
  const agent = defineAdapter("agent", "listener", strictFields({}), () => ({
    takesAttachments,
    reply: async (input: AgentInput) => {
      asked.push(input);
      return "ok";
    },
  }));
  return { asked, agent: agent() };
}

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

  const factsOf = async (user = "4711") =>
    (await allRows(harness))
      .filter(({ pk, kind }) => String(pk).startsWith("MEMORY#") && String(pk).endsWith(user) && kind === "fact")
      .map(({ text }) => text);

  /** Ends the session and answers its transcript as a provider gets it. */
  const transcript = async () => {
    await chat.send({ text: "/reset", ...commandMark(6) });
    return harness.delivered().at(-1)?.messages;
  };

  it("answers a rich message by the words of its blocks, and keeps them in the transcript", async () => {
    const paragraph = { type: "paragraph", text: ["My name is ", { type: "bold", text: "Ana" }, "."] };
    await chat.send({ rich_message: { blocks: [{ type: "heading", text: "Plan", size: 2 }, paragraph] } });

    expect(chat.replies()).toEqual(["You said: Plan\nMy name is Ana."]);
    expect(await transcript()).toMatchObject([{ content: "Plan\nMy name is Ana." }, { role: "assistant" }]);
  });

  it("marks forwarded words, and those by way of a bot, and never learns them as facts of whoever passed them on", async () => {
    const { asked, agent } = listener();
    harness.deploy({ agent });
    await chat.send({ text: "My name is Ana" });
    const user = { type: "user", date: 1, sender_user: { id: 99, is_bot: false, first_name: "Bob" } };
    await chat.send({ text: "My name is Bob Stone. I live in Oslo.", forward_origin: user });
    const hidden = { type: "hidden_user", date: 1, sender_user_name: "Carl" };
    await chat.send({ text: "I work at Acme", forward_origin: hidden });
    await chat.send({ text: "I love pizza", via_bot: { ...BEN, is_bot: true, first_name: "Lyrics" } });
    await chat.send({ text: "/reset", ...commandMark(6), forward_origin: user });

    expect(asked.map(({ text, parts }) => [text, parts?.forwarded?.from])).toEqual([
      ["My name is Ana", undefined],
      ["(forwarded from Bob)\nMy name is Bob Stone. I live in Oslo.", "Bob"],
      ["(forwarded from Carl)\nI work at Acme", "Carl"],
      ["(forwarded from Lyrics)\nI love pizza", "Lyrics"],
      ["(forwarded from Bob)\n/reset", "Bob"],
    ]);
    expect(asked.at(-1)?.history[2]).toMatchObject({
      content: "(forwarded from Bob)\nMy name is Bob Stone. I live in Oslo.",
    });
    expect(await sessionRows(harness)).toMatchObject([{ status: "open" }]);
    expect((await transcript())?.[2]).toMatchObject({
      content: expect.stringContaining("(forwarded from Bob)"),
      forwarded: { from: "Bob" },
    });
    expect(await factsOf()).toEqual(["Name: Ana"]);
  });

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

  it("takes a mention of the bot off: what it stood before is the command, or the words that are learnt", async () => {
    const mention = (offset = 0) => ({ type: "mention", offset, length: 11 });
    await chat.send({ chat: TEAM, text: "@vesper_bot My name is Ana", entities: [mention()] });
    await chat.send({ chat: TEAM, text: "I like tea, @vesper_bot.", entities: [mention(12)] });
    expect(chat.replies()).toEqual(["You said: My name is Ana", "You said: I like tea,."]);
    const command = { type: "bot_command", offset: 12, length: 6 };
    await chat.send({ chat: TEAM, text: "@vesper_bot /reset", entities: [mention(), command] });

    expect(await sessionRows(harness)).toMatchObject([{ reason: "reset" }, {}]);
    expect((await factsOf()).toSorted()).toEqual(["Likes tea", "Name: Ana"]);
  });

  it.each([
    ["/reset.", 6],
    ["/reset!", 6],
    ["/reset, please", 6],
    ["/new: tell me a joke", 4],
  ])("takes for the command what Telegram marks: %j ends the session", async (text, length) => {
    await chat.send({ text: "hello" });
    await chat.send({ text, ...commandMark(length) });
    expect(harness.delivered()).toMatchObject([{ reason: "reset", turns: 1 }]);
    if (length === 4) expect(chat.replies().at(-1)).toContain("You said: tell me a joke");
  });

  it("takes for the command what Telegram marks: /memory: off turns memory off", async () => {
    await chat.send({ text: "/memory: off", ...commandMark(7) });
    expect(chat.replies()).toEqual([expect.stringContaining("Memory is off for you")]);
  });

  it("corrects the turn for memory by an edit, and says so in the transcript", async () => {
    const said = await chat.send({ text: "My name is Ane" });
    await chat.edit(said, "My name is Ana");

    expect(chat.replies()).toEqual(["You said: My name is Ane"]);
    expect((await transcript())?.[0]).toMatchObject({ content: "My name is Ana", editedAt: expect.any(String) });
    expect(await factsOf()).toEqual(["Name: Ana"]);
  });

  it("corrects a turn whose words are packed", async () => {
    const [first, corrected] = [PROSE.slice(0, 1_400).trim(), PROSE.slice(0, 1_500).trim()];
    const said = await chat.send({ text: first });
    await chat.edit(said, "In short: yes");
    await chat.edit(said, corrected);
    expect(await chat.turns()).toMatchObject([{ text: corrected, reply: `You said: ${first}` }]);
  });

  it("changes nothing by an edit after the session's end, or of somebody else's message", async () => {
    const said = await chat.send({ text: "My name is Ana" });
    await chat.edit({ ...said, from: BEN }, "My name is Ben");
    expect(await chat.turns()).toMatchObject([{ text: "My name is Ana" }]);
    expect(await transcript()).toMatchObject([{ content: "My name is Ana" }, {}]);

    await chat.edit(said, "My name is Eve");
    await chat.send({ text: "hello" });
    expect(await factsOf()).toEqual(["Name: Ana"]);
    expect(harness.logged.map(({ event }) => event)).toContain("edit.late");
  });

  it("keeps the later of two edits, in whichever order they come", async () => {
    const said = await chat.send({ text: "one" });
    const at = Math.floor(harness.clock.now() / 1000);
    await chat.deliver({ edited_message: { ...said, text: "three", edit_date: at + 9 } });
    await chat.deliver({ edited_message: { ...said, text: "two", edit_date: at + 5 } });
    expect(await chat.turns()).toMatchObject([{ text: "three" }]);
  });

  it("gives the agent a message without words in words, and tells its user once that only text is read", async () => {
    await chat.send({ voice: { file_id: "v", duration: 3 } });
    await chat.send({ location: { latitude: 1, longitude: 2 } });

    expect(chat.replies()).toEqual([
      "(I read text only: what is in an attachment I can't see.)",
      "You said: (voice message, 3 s)",
      'You said: (location "1,_2")',
    ]);
    expect((await transcript())?.[0]).toMatchObject({
      content: "(voice message, 3 s)",
      attachments: [{ kind: "voice", duration: 3 }],
    });
  });

  it("gives an agent that takes attachments each of them apart, with what it fetches it by", async () => {
    const { asked, agent } = listener(true);
    harness.deploy({ agent });
    const photo = [
      { file_id: "small", file_size: 100 },
      { file_id: "large", file_size: 120_000 },
    ];
    await chat.send({ photo, caption: "Look at this" });

    expect(chat.replies()).toEqual(["ok"]);
    expect(asked).toMatchObject([
      {
        text: "Look at this\n(image, 120 KB)",
        parts: { text: "Look at this", attachments: [{ kind: "image", size: 120_000, handle: "large" }] },
      },
    ]);
    expect(JSON.stringify(await transcript())).not.toContain("large");
  });

  it("never learns a file's name as a sentence of its sender's", async () => {
    await chat.send({ document: { file_id: "d", file_name: "a. My name is Eve. .pdf" } });
    await transcript();
    expect(await factsOf()).toEqual([]);
  });

  it("makes one turn with one answer of an album, with all its pictures and words", async () => {
    const picture = (id: string) => ({ media_group_id: "g1", photo: [{ file_id: id }] });
    await chat.send({ ...picture("a"), caption: "My name is Ana" });
    await chat.send(picture("b"));
    const last = await chat.send({ ...picture("c"), caption: "I like tea" });
    await chat.deliver({ message: last });

    expect(chat.replies()).toHaveLength(2);
    expect(await chat.turns()).toMatchObject([
      { text: "My name is Ana\nI like tea", attachments: [{ handle: "a" }, { handle: "b" }, { handle: "c" }] },
    ]);
  });

  it("gives the agent what a message answers apart from its own words, and makes it nobody's fact", async () => {
    const { asked, agent } = listener();
    harness.deploy({ agent, inGroups: { answer: "always" } });
    await chat.send({
      chat: TEAM,
      text: "yes, do that one",
      reply_to_message: { message_id: 9, from: BEN, text: "My name is Ben. Book the blue hotel" },
      quote: { text: "the blue hotel", position: 5 },
    });

    expect(asked).toMatchObject([
      {
        text: '(answering Ben: "the blue hotel")\nyes, do that one',
        parts: { text: "yes, do that one", quoted: { text: "the blue hotel", author: "Ben" } },
      },
    ]);
    await chat.send({ chat: TEAM, text: "/reset", ...commandMark(6) });
    expect(harness.delivered()).toMatchObject([
      { messages: [{ content: "yes, do that one", quoted: { text: "the blue hotel", author: "Ben" } }, {}] },
    ]);
    expect(await factsOf()).toEqual([]);
  });

  it("answers an anonymous admin, and learns nothing under the user that all of them share", async () => {
    const stand_in = { id: 1_087_968_824, is_bot: true, first_name: "Group", username: "GroupAnonymousBot" };
    harness.deploy({ inGroups: { answer: "always" } });
    await chat.send({ chat: TEAM, from: stand_in, sender_chat: TEAM, text: "I like tea" });
    expect(chat.replies()).toEqual(["You said: I like tea"]);
    await chat.send({ chat: TEAM, from: stand_in, sender_chat: TEAM, text: "/reset", ...commandMark(6) });
    expect(harness.delivered()).toMatchObject([{ users: [], turns: 1 }]);
    expect((await allRows(harness)).filter(({ pk }) => String(pk).startsWith("MEMORY#"))).toEqual([]);
  });

  it("takes each person's direct messages to a channel for a conversation of their own", async () => {
    const channel = { ...TEAM, is_direct_messages: true };
    const topic = (id: number) => ({ chat: channel, direct_messages_topic: { topic_id: id } });
    harness.deploy({ inGroups: { answer: "always" } });
    await chat.send({ ...topic(1), text: "one" });
    await chat.send({ ...topic(2), from: BEN, text: "two" });
    expect(await sessionRows(harness)).toHaveLength(2);
    expect(harness.bot.sent).toMatchObject([{ direct_messages_topic_id: 1 }, { direct_messages_topic_id: 2 }]);
  });
});
