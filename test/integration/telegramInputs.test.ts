import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { commandMark, TEAM, telegramChat } from "../harness/telegramChat.ts";
import { listener } from "./telegramListener.ts";
import { factsOf, transcriptOf } from "./telegramSteps.ts";

const BEN = { id: 4712, is_bot: false, first_name: "Ben" };

describe("the gateway, given what people send on Telegram,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  it("answers a rich message by the words of its blocks, and keeps them in the transcript", async () => {
    const paragraph = { type: "paragraph", text: ["My name is ", { type: "bold", text: "Ana" }, "."] };
    await chat.send({ rich_message: { blocks: [{ type: "heading", text: "Plan", size: 2 }, paragraph] } });

    expect(chat.replies()).toEqual(["You said: Plan\nMy name is Ana."]);
    expect(await transcriptOf(harness, chat)).toMatchObject([
      { content: "Plan\nMy name is Ana." },
      { role: "assistant" },
    ]);
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
    expect((await transcriptOf(harness, chat))?.[2]).toMatchObject({
      content: expect.stringContaining("(forwarded from Bob)"),
      forwarded: { from: "Bob" },
    });
    expect(await factsOf(harness)).toEqual(["Name: Ana"]);
  });

  it("takes a mention of the bot off: what it stood before is the command, or the words that are learnt", async () => {
    const mention = (offset = 0) => ({ type: "mention", offset, length: 11 });
    await chat.send({ chat: TEAM, text: "@vesper_bot My name is Ana", entities: [mention()] });
    await chat.send({ chat: TEAM, text: "I like tea, @vesper_bot.", entities: [mention(12)] });
    expect(chat.replies()).toEqual(["You said: My name is Ana", "You said: I like tea,."]);
    const command = { type: "bot_command", offset: 12, length: 6 };
    await chat.send({ chat: TEAM, text: "@vesper_bot /reset", entities: [mention(), command] });

    expect(await sessionRows(harness)).toMatchObject([{ reason: "reset" }, {}]);
    expect((await factsOf(harness)).toSorted()).toEqual(["Likes tea", "Name: Ana"]);
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

  it("gives the agent a message without words in words, and tells its user once that only text is read", async () => {
    await chat.send({ voice: { file_id: "v", duration: 3 } });
    await chat.send({ location: { latitude: 1, longitude: 2 } });

    expect(chat.replies()).toEqual([
      "(I read text only: what is in an attachment I can't see.)",
      "You said: (voice message, 3 s)",
      'You said: (location "1,_2")',
    ]);
    expect((await transcriptOf(harness, chat))?.[0]).toMatchObject({
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
    expect(JSON.stringify(await transcriptOf(harness, chat))).not.toContain("large");
  });

  it("never learns a file's name as a sentence of its sender's", async () => {
    await chat.send({ document: { file_id: "d", file_name: "a. My name is Eve. .pdf" } });
    await transcriptOf(harness, chat);
    expect(await factsOf(harness)).toEqual([]);
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
    expect(await factsOf(harness)).toEqual([]);
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
