import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type SlackFake, startSlackFake } from "../../../../emulators/platforms/slack/startSlackFake.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { everythingIn, failureOf } from "../../../../lib/adapter/testing/failureOf.ts";
import { type TestServices, testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import { ANA, commandCall, DM, SIGNING_SECRET } from "./slackCall.ts";

const PATH = "/commands/T061EG9R6/1234/s3cr3tOfTheAddress";

let fake: SlackFake;
let services: TestServices;
let platform: Platform;
beforeEach(async () => {
  fake = await startSlackFake();
  services = testServices({ TOKEN: fake.token, SIGNING_SECRET });
  const options = { token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET"), apiBase: fake.apiBase };
  platform = slack(options).create(services);
  fake.workspace.openAddress(PATH);
});
afterEach(() => fake.close());

const command = (changes: Readonly<Record<string, string>> = {}) =>
  commandCall({ response_url: `${fake.url}${PATH}`, ...changes });

const reply = (text: string) => ({
  ...{ text, index: 0, isLast: true, key: "a1", session: "s-1", conversation: "c-1", inReplyTo: "d-1" },
  replyTo: { responseUrl: `${fake.url}${PATH}` },
});

describe("slack, given a slash command,", () => {
  it("takes it for its user's own conversation, wherever it was typed, and says until when it can be answered", async () => {
    const call = command({ text: "what is <https://example.com|example.com>?" });
    const sentAt = Number(call.headers["x-slack-request-timestamp"]) * 1000;
    const { messages } = await platform.receive(call);
    expect(messages).toEqual([
      {
        messageId: "command-13345224609.738474920.8088930838d88f008e0",
        sentAt,
        chat: { id: ANA, type: "dm" },
        user: { id: ANA },
        role: "user",
        text: "what is example.com?",
        origin: "chat",
        replyTo: { responseUrl: `${fake.url}${PATH}` },
        replyUntil: sentAt + 1_800_000,
      },
    ]);
    const beside = await platform.receive(command({ channel_id: DM, channel_name: "directmessage" }));
    expect(beside.messages).toMatchObject([{ chat: { id: ANA, type: "dm" } }]);
  });

  it.each([
    ["/vesper", "reset", "reset", ""],
    ["/vesper", "Status", "status", ""],
    ["/vesper", "memory  off", "memory", "off"],
    ["/vesper", "new what now?\nPlease", "new", "what now?\nPlease"],
    ["/vesper", "/reset", "reset", ""],
    ["/vesper", "", "help", ""],
    ["/reset", "", "reset", ""],
    ["/new", "what now?", "new", "what now?"],
  ])("knows %s %s for a command", async (name, text, known, rest) => {
    const { messages } = await platform.receive(command({ command: name, text }));
    expect(messages).toMatchObject([{ command: known, text: rest }]);
  });

  it.each(["help me plan", "start the car", "retry it", "status quo", "memory is short", "newspapers, please"])(
    "takes /vesper %s for words",
    async (text) => {
      const { messages } = await platform.receive(command({ text }));
      expect(messages).toMatchObject([{ text }]);
      expect(messages[0]).not.toHaveProperty("command");
    },
  );

  it("answers at once, for its user's eyes alone, whether it is taken, refused or can't be taken now", async () => {
    const { response, refused, unavailable } = await platform.receive(command({ text: "hello" }));
    const answers = [response, refused, unavailable].map((one) => ({
      status: one?.status,
      ...JSON.parse(one?.body ?? ""),
    }));
    expect(answers).toEqual([
      { status: 200, response_type: "ephemeral", text: "One moment …" },
      { status: 200, response_type: "ephemeral", text: expect.stringContaining("can't talk to this bot") },
      { status: 200, response_type: "ephemeral", text: expect.stringContaining("try again") },
    ]);
  });

  it.each([
    ["a check of our certificate", { ssl_check: "1" }],
    ["a pressed button", { payload: '{"type":"block_actions"}' }],
  ])("makes nothing of %s", async (_, changes) => {
    expect(await platform.receive(command(changes))).toEqual({ messages: [], response: { status: 200 } });
  });

  it.each([
    ["command", "vesper"],
    ["user_id", ""],
    ["trigger_id", ""],
    ["response_url", "hooks"],
    ["response_url", "https://evil.example.com/commands/T1/1/x"],
    ["response_url", "https://hooks.slack.com.evil.example.com/commands/T1/1/x"],
  ])("refuses one with another %s than Slack gives", async (field, value) => {
    await expect(platform.receive(command({ [field]: value }))).rejects.toMatchObject({
      status: 400,
      field,
      headers: { "x-slack-no-retry": "1" },
    });
  });

  it("takes the addresses of the Slack whose Web API it uses", async () => {
    const options = { token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") };
    const at = async (apiBase: string | undefined, response_url: string) => {
      const other = slack({ ...options, ...(apiBase === undefined ? {} : { apiBase }) }).create(services);
      return (await other.receive(command({ response_url }))).messages.length;
    };
    expect(await at(undefined, "https://hooks.slack.com/commands/T1/1/x")).toBe(1);
    expect(await at("https://slack-gov.com/api/", "https://hooks.slack-gov.com/commands/T1/1/x")).toBe(1);
    await expect(at(undefined, `${fake.url}${PATH}`)).rejects.toMatchObject({ status: 400 });
  });
});

describe("slack, answering a slash command,", () => {
  it("answers for its user's eyes alone, in Markdown", async () => {
    await platform.send(reply("Take the **blue** one <!channel>"));
    expect(fake.workspace.responses).toEqual([
      { path: PATH, text: "Take the **blue** one @channel", response_type: "ephemeral" },
    ]);
    expect(fake.requests[0]?.headers).not.toHaveProperty("authorization");
  });

  it("answers in plain text where the Markdown is refused", async () => {
    fake.workspace.refuse("markdown", "invalid_blocks");
    await platform.send(reply("1 < 2"));
    expect(fake.workspace.responses).toMatchObject([{ text: "1 &lt; 2" }]);
  });

  it("tells that its address takes no more, and shows that to nobody", async () => {
    for (let count = 0; count < 5; count++) await platform.send(reply(`part ${count}`));
    const error = await failureOf(platform.send(reply("part 5")));
    expect(error).toMatchObject({ kind: "gone", chatIsGone: false, retry: false });
    expect(everythingIn(error)).not.toContain("s3cr3t");
  });

  it("sends nothing to an address that is not Slack's", async () => {
    const replyTo = { responseUrl: "https://evil.example.com/commands/T1/1/x" };
    expect(await failureOf(platform.send({ ...reply("hi"), replyTo }))).toMatchObject({
      outcome: "not-sent",
      message: "the command's address is not one of Slack's",
    });
  });

  it("repeats in plain text only what Slack refuses for its form", async () => {
    fake.failNext(1, 503);
    expect(await failureOf(platform.send(reply("hi")))).toMatchObject({ kind: "transient", status: 503 });
    expect(fake.requests).toHaveLength(1);
    fake.setMode(400);
    expect(await failureOf(platform.send(reply("hi")))).toMatchObject({ kind: "invalid" });
    expect(fake.requests).toHaveLength(3);
  });

  it("shows no drafts", async () => {
    const shown = await platform.showDraft?.({
      ...reply("Let me"),
      signal: AbortSignal.timeout(1_000),
    });
    expect([shown, fake.requests]).toEqual([undefined, []]);
  });
});
