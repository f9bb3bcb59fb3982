import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { ANA, BEN, DM, startSlackChat, TEAM, toBot } from "../harness/slackChat.ts";

describe("the gateway, given what people write on Slack,", () => {
  let chat: Awaited<ReturnType<typeof startSlackChat>>;
  beforeEach(async () => {
    chat = await startSlackChat();
  });
  afterEach(() => chat.stop());

  const factsOf = async (user: string) =>
    (await allRows(chat.harness))
      .filter(({ pk, kind }) => String(pk).startsWith("MEMORY#") && String(pk).endsWith(user) && kind === "fact")
      .map(({ text }) => text);

  it("answers a direct message beside it, and /reset brings the session to its providers", async () => {
    await chat.send({ text: "My name is Ana" });
    expect(chat.fake.workspace.messages).toMatchObject([{ channel: DM, text: "You said: My name is Ana" }]);
    await chat.send({ text: " /reset" });

    expect(chat.harness.delivered()).toMatchObject([
      { reason: "reset", turns: 1, messages: [{ content: "My name is Ana" }, { role: "assistant" }] },
    ]);
    expect(await factsOf(ANA)).toEqual(["Name: Ana"]);
  });

  it("makes one turn with one answer of a text that comes as message and as app_mention, in either order", async () => {
    for (const [first, second] of [
      ["message", "app_mention"],
      ["app_mention", "message"],
    ]) {
      const { channel_type, ...message } = chat.message(toBot("hello"));
      await chat.event({ ...message, type: first, ...(first === "message" ? { channel_type } : {}) });
      await chat.harness.settle();
      await chat.event({ ...message, type: second, ...(second === "message" ? { channel_type } : {}) });
      await chat.harness.settle();
      expect(chat.replies()).toEqual(["You said: hello"]);
      expect(await chat.turns()).toHaveLength(1);
      chat.fake.workspace.messages.length = 0;
    }
  });

  it("makes one turn of a call that Slack repeats, minutes later and after a deploy", async () => {
    const message = chat.message({ text: "hello" });
    await chat.event(message);
    await chat.harness.settle();
    chat.harness.advance("6m");
    chat.deploy();
    const answer = await chat.event(message, { "x-slack-retry-num": "3", "x-slack-retry-reason": "http_timeout" });
    await chat.harness.settle();
    expect([answer.statusCode, chat.replies()]).toEqual([200, ["You said: hello"]]);
    expect(chat.harness.logged.map(({ event }) => event)).toContain("slack.retried");
  });

  it("L26 asks Slack to call again when a message can't be queued, and loses none", async () => {
    const message = chat.message({ text: "hello" });
    chat.harness.gate.fail("SendMessageBatchCommand");
    const refused = await chat.event(message);
    expect([refused.statusCode, refused.headers]).toMatchObject([503, {}]);
    expect(refused.headers).not.toHaveProperty("x-slack-no-retry");
    await chat.event(message, { "x-slack-retry-num": "1", "x-slack-retry-reason": "http_error" });
    await chat.harness.settle();
    expect(chat.replies()).toEqual(["You said: hello"]);
  });

  it("has a conversation a thread: answers into it, and goes on with it", async () => {
    const { ts } = await chat.send(toBot("I like tea"));
    const second = await chat.send(toBot("And I like jazz"));
    await chat.send({ ...toBot("What do I like?"), thread_ts: ts });

    expect(chat.fake.workspace.messages.map(({ thread }) => thread)).toEqual([ts, second.ts, ts]);
    const sessions = await sessionRows(chat.harness, TEAM);
    expect(sessions.map(({ chat: { thread } }) => thread)).toEqual([ts, second.ts]);
    await chat.send({ ...toBot("reset"), thread_ts: ts });
    expect(chat.harness.delivered()).toMatchObject([
      { messages: [{ content: "I like tea" }, {}, { content: "What do I like?" }, {}] },
    ]);
  });

  it("answers nobody in a channel who does not speak to the bot, but those who answer it", async () => {
    const { ts } = await chat.send(toBot("hello"));
    const reply = { channel: TEAM, channel_type: "channel", user: BEN, thread_ts: ts };
    await chat.send({ ...reply, text: "He said hello" });
    await chat.send({ channel: TEAM, channel_type: "channel", user: BEN, text: "lunch?" });
    expect(chat.replies()).toEqual(["You said: hello"]);
    await chat.send({ ...reply, text: "and you?", parent_user_id: "U0LAN0Z89" });
    expect(chat.replies()).toHaveLength(2);
  });

  it("records what is said in a thread between, where the config says so, under whoever said it", async () => {
    chat.deploy({ inGroups: { between: "context" } });
    const { ts } = await chat.send(toBot("hello"));
    await chat.send({ channel: TEAM, channel_type: "channel", user: BEN, thread_ts: ts, text: "My name is Ben" });
    await chat.send({ ...toBot("reset"), thread_ts: ts });
    expect(chat.harness.delivered()[0]?.messages).toMatchObject([
      {},
      {},
      { content: "My name is Ben", author: { id: BEN } },
    ]);
    expect([await factsOf(BEN), await factsOf(ANA)]).toEqual([["Name: Ben"], []]);
  });

  it("corrects the turn by an edit, and changes nothing by a link's preview", async () => {
    const said = await chat.send({ text: "My name is Ane" });
    await chat.edit(said, "My name is Ana");
    expect(await chat.turns()).toMatchObject([{ text: "My name is Ana" }]);
    const message = { ...said, text: "My name is Ane", attachments: [{ text: "A page" }] };
    const { ts } = chat.message();
    const place = { channel: DM, channel_type: "im", ts, event_ts: ts, message, previous_message: said };
    await chat.event({ type: "message", subtype: "message_changed", ...place });
    await chat.harness.settle();
    expect(await chat.turns()).toMatchObject([{ text: "My name is Ana" }]);
    expect(chat.replies()).toHaveLength(1);
  });

  it("gives the agent what is passed on and attached apart from its user's words, and learns none of it", async () => {
    const asked: AgentInput[] = [];
    const agent = defineAdapter("agent", "listener", strictFields({}), () => ({
      takesAttachments: true,
      reply: async (input: AgentInput) => {
        asked.push(input);
        return "ok";
      },
    }));
    chat.deploy({ agent: agent() });
    const share = { is_share: true, text: "My name is Ben", author_name: "Ben" };
    await chat.send({ text: "Is it so?", attachments: [share] });
    await chat.send({ text: "", attachments: [{ ...share, text: "/reset" }] });
    const files = [{ id: "F0CAT", name: "cat.png", mimetype: "image/png", size: 120_000 }];
    await chat.send({ subtype: "file_share", text: "Look", files });

    expect(asked.map(({ text }) => text)).toEqual([
      '(answering Ben: "My name is Ben")\nIs it so?',
      "(forwarded from Ben)\n/reset",
      'Look\n(image "cat.png", 120 KB)',
    ]);
    expect(asked[2]?.parts?.attachments).toMatchObject([{ kind: "image", handle: "F0CAT" }]);
    await chat.send({ text: " /reset" });
    expect(await factsOf(ANA)).toEqual([]);
  });

  it.each(["channel_archive", "channel_left", "group_left", "channel_deleted"])(
    "ends the sessions of all threads of a channel within a day of %s, under every policy",
    async (type) => {
      chat.deploy({ sessions: { default: "none" } });
      await chat.send(toBot("I like tea"));
      await chat.send(toBot("I like jazz"));
      await chat.event({ type, channel: TEAM, event_ts: chat.message().ts });
      for (let day = 0; day < 2; day++) {
        await chat.harness.settle();
        chat.harness.advance("24h");
        await chat.harness.sweep();
      }
      await chat.harness.settle();
      expect(chat.harness.delivered().map(({ reason }) => reason)).toEqual(["gone", "gone"]);
    },
  );

  it("lets a thread go on when its channel gets another id", async () => {
    const { ts } = await chat.send(toBot("I like tea"));
    await chat.event({ type: "channel_id_changed", old_channel_id: TEAM, new_channel_id: "C0NEW0001", event_ts: ts });
    await chat.harness.settle();
    await chat.send({ ...toBot("And now?"), channel: "C0NEW0001", thread_ts: ts });
    expect(await sessionRows(chat.harness)).toMatchObject([{ status: "open", chat: { id: TEAM } }]);
    expect(await chat.turns()).toHaveLength(2);
    expect(chat.fake.workspace.messages.at(-1)).toMatchObject({ channel: "C0NEW0001", thread: ts });
  });
});
