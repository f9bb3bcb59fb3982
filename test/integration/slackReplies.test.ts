import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { listFailedReplies } from "../../lib/operator/failedReplies.ts";
import { BEN, DM, startSlackChat, TEAM, toBot } from "../harness/slackChat.ts";

describe("the gateway, answering on Slack,", () => {
  let chat: Awaited<ReturnType<typeof startSlackChat>>;
  beforeEach(async () => {
    chat = await startSlackChat();
  });
  afterEach(() => chat.stop());

  /** From now on the agent does that. */
  const answerBy = (reply: (input: AgentInput) => Promise<string>) => {
    const agent = defineAdapter("agent", "talker", strictFields({}), () => ({ reply }));
    chat.deploy({ agent: agent() });
  };

  it("T3 sends a reply again that Slack's failure kept, with the same key, and no call before it asks for one", async () => {
    chat.fake.failNext(1, 429, { "retry-after": "30" });
    chat.fake.failNext(1, 503);
    await chat.send({ text: "hello" });
    expect(chat.fake.requests).toHaveLength(1);
    chat.harness.advance("29s");
    await chat.harness.settle();
    expect(chat.fake.requests).toHaveLength(1);
    for (const wait of ["2s", "5s"]) {
      chat.harness.advance(wait);
      await chat.harness.settle();
    }
    expect(chat.replies()).toEqual(["You said: hello"]);
    const keys = chat.fake.requests.map(({ body }) => new URLSearchParams(body).get("client_msg_id"));
    expect([keys.length, new Set(keys).size]).toEqual([3, 1]);
  });

  it("sends a long reply in pieces that Slack takes, with fences closed and opened again", async () => {
    answerBy(async () => `\`\`\`js\n${"const tea = 1;\n".repeat(1_000)}\`\`\``);
    await chat.send(toBot("Tell me all"));
    const texts = chat.replies();
    expect(texts).toHaveLength(2);
    for (const text of texts) expect(text).toMatch(/^```js\n.*\n```$/s);
    expect(await chat.turns()).toMatchObject([{ sentIds: { 0: chat.fake.workspace.messages[0]?.ts } }]);
  });

  it("sends the agent's words as plain text where Slack refuses its Markdown", async () => {
    answerBy(async () => "| a | b |\n|---|---|\n| 1 | <2> |");
    chat.fake.workspace.refuse("markdown", "invalid_blocks");
    await chat.send({ text: "A table, please" });
    expect(chat.replies()).toEqual(["| a | b |\n|---|---|\n| 1 | &lt;2&gt; |"]);
  });

  it.each(["is_archived", "channel_not_found", "account_inactive"])(
    "ends the session under every policy when Slack says %s",
    async (error) => {
      chat.deploy({ sessions: { default: "none" } });
      const { ts } = await chat.send(toBot("I like tea"));
      chat.fake.workspace.refuse(TEAM, error);
      await chat.send({ ...toBot("and jazz"), thread_ts: ts });
      expect(chat.harness.delivered()).toMatchObject([{ reason: "gone", turns: 2 }]);
    },
  );

  it("leaves a reply to an operator when the token is not taken any more", async () => {
    chat.fake.workspace.refuse(DM, "token_revoked");
    await chat.send({ text: "hello" });
    for (let wait = 0; wait < 12; wait++) {
      chat.harness.advance("2m");
      await chat.harness.settle();
    }
    const { replies } = await listFailedReplies(chat.harness.services, { limit: 10 });
    expect(replies).toMatchObject([{ undelivered: { kind: "auth", platform: "slack" } }]);
  });

  it("shows that it is thinking in a thread, and a reply that grows in one message", async () => {
    const words = async ({ show }: AgentInput) => {
      for (let count = 1; count <= 30; count++) {
        show?.("word ".repeat(count).trim());
        await sleep(50);
      }
      return "The answer.";
    };
    answerBy(words);
    await chat.send(toBot("Tell me"));
    const methods = chat.fake.requests.map(({ path }) => path.slice("/api/".length));
    expect(methods).toEqual(expect.arrayContaining(["chat.postMessage", "chat.update"]));
    expect(methods.filter((method) => method === "chat.postMessage")).toHaveLength(1);
    expect(methods.at(-1)).toBe("chat.update");
    expect(chat.replies()).toEqual(["The answer."]);
    answerBy(() => sleep(1_000, "Well."));
    const { ts } = await chat.send(toBot("And?"));
    expect(chat.fake.workspace.statuses.at(-1)).toEqual({ channel: TEAM, thread: ts, status: "is thinking …" });
  });
});

describe("the gateway, given slash commands,", () => {
  let chat: Awaited<ReturnType<typeof startSlackChat>>;
  beforeEach(async () => {
    chat = await startSlackChat();
  });
  afterEach(() => chat.stop());

  it("answers for its user's eyes alone, in the conversation of her direct messages", async () => {
    await chat.send({ text: "My name is Ana" });
    expect(await chat.command("what is my name?")).toEqual({
      status: 200,
      response_type: "ephemeral",
      text: "One moment …",
    });
    await chat.harness.settle();
    expect(chat.fake.workspace.responses).toMatchObject([
      { text: "You said: what is my name?", response_type: "ephemeral" },
    ]);
    expect(await chat.turns()).toHaveLength(2);
    await chat.command("reset", { channel_id: DM });
    await chat.harness.settle();
    expect(chat.harness.delivered()).toMatchObject([{ reason: "reset", turns: 2 }]);
    await chat.command("hello", { user_id: BEN });
    await chat.harness.settle();
    expect(await chat.turns()).toMatchObject([{ user: { id: BEN } }]);
  });

  it("tells those who may not talk so, at once, and leaves nothing of theirs", async () => {
    chat.deploy({ access: { slack: { users: [BEN], others: "refuse" } } });
    expect(await chat.command("hello")).toMatchObject({ text: expect.stringContaining("can't talk to this bot") });
    expect(await chat.command("hello", { user_id: BEN })).toMatchObject({ text: "One moment …" });
    await chat.harness.settle();
    expect(chat.fake.workspace.responses).toHaveLength(1);
  });

  it("T4 tells its user to try again when it can't be queued, as Slack calls but once", async () => {
    chat.harness.gate.fail("SendMessageBatchCommand");
    expect(await chat.command("hello")).toMatchObject({ status: 200, text: expect.stringContaining("try again") });
    expect(chat.harness.measured).toContainEqual(expect.objectContaining({ name: "TurnFailed" }));
  });

  it("makes no call after half an hour, when its address takes no answers any more", async () => {
    chat.fake.setMode(503);
    await chat.command("hello");
    await chat.harness.settle();
    chat.fake.setMode("ok");
    const { length } = chat.fake.requests;
    chat.harness.advance("31m");
    await chat.harness.settle();
    expect(chat.fake.requests).toHaveLength(length);
    expect((await chat.turns())[0]?.undelivered).toMatchObject({ kind: "gone" });
  });
});
