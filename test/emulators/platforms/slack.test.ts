import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PlatformSimulator, Said } from "../../../emulators/platforms/PlatformSimulator.ts";
import { startSimulator } from "../../../emulators/platforms/slack/simulator.ts";
import { type SlackFake, startSlackFake } from "../../../emulators/platforms/slack/startSlackFake.ts";
import type { Platform } from "../../../lib/adapter/Platform.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { secret } from "../../../lib/index.ts";
import { slack } from "../../../lib/platforms/slack/slack.ts";
import { nodeHttpClient } from "../../../lib/runtime/nodeHttpClient.ts";
import { redirectingClient } from "../../../lib/runtime/redirectingClient.ts";

const URL = "https://gateway.example.com/webhooks/slack";

describe("Slack on this machine", () => {
  let simulator: PlatformSimulator;
  let platform: Platform;
  const start = async (changes: { readonly apiBase?: string } = {}) => {
    const options = { token: secret("TOKEN"), signingSecret: secret("SIGNING"), ...changes };
    simulator = await startSimulator(options);
    const services = { ...testServices(simulator.secrets), http: redirectingClient(nodeHttpClient, simulator.url) };
    platform = slack(options).create(services);
  };
  afterEach(() => simulator.close());

  const receive = async (said: Said) => (await platform.receive(simulator.call(said, URL))).messages;
  const ANN = { user: "ann", conversation: "ann", chatType: "dm" } as const;
  const sending = { index: 0, isLast: true, key: "k", session: "s", conversation: "c", inReplyTo: "d" };

  it("writes as somebody in a chat of their own, by true calls, slash commands among them", async () => {
    await start();
    const [first, second] = [
      await receive({ ...ANN, text: "1 < 2 & 3" }),
      await receive({ ...ANN, text: "/new tell me" }),
    ];
    expect([first, second]).toMatchObject([
      [{ text: "1 < 2 & 3", chat: { type: "dm" } }],
      [{ text: "tell me", command: "new", chat: first[0]?.chat, replyUntil: expect.any(Number) }],
    ]);
    expect((await receive({ ...ANN, text: "/etc/hosts is a file" }))[0]).not.toHaveProperty("command");
  });

  it("keeps each message of a channel, and each thread, apart", async () => {
    await start();
    const team = { user: "ann", conversation: "team", chatType: "group" } as const;
    const [[one], [two]] = [
      await receive({ ...team, text: "lunch?" }),
      await receive({ ...team, text: "@vesper lunch?" }),
    ];
    expect([one, two]).toMatchObject([{ mentioned: false }, { mentioned: true, text: "lunch?" }]);
    expect(one?.chat.thread).not.toBe(two?.chat.thread);
    const thread = { ...team, chatType: "thread" } as const;
    const [[first], [next]] = [await receive({ ...thread, text: "hi" }), await receive({ ...thread, text: "/reset" })];
    expect(next?.chat).toEqual(first?.chat);
  });

  it("tells what the bot has sent by the chats' names, answers to slash commands among it", async () => {
    await start({ apiBase: "https://slack-gov.com/api/" });
    const said = await Promise.all([receive({ ...ANN, text: "hello" }), receive({ ...ANN, text: "/vesper hello" })]);
    for (const [message] of said) {
      await platform.send({ ...sending, text: "**Hello** to you", replyTo: message?.replyTo ?? null });
    }
    await platform.send({ ...sending, text: "and you", replyTo: { channel: "C0OTHER" } });
    expect(simulator.sent()).toMatchObject([
      { conversation: "ann", text: "**Hello** to you", body: { format: "markdown" } },
      { conversation: "ann", text: "**Hello** to you", body: { response_type: "ephemeral" } },
      { conversation: "C0OTHER", text: "and you" },
    ]);
  });
});

describe("the stand-in of Slack's Web API", () => {
  let fake: SlackFake;
  let client: WebClient;
  beforeEach(async () => {
    fake = await startSlackFake();
    client = new WebClient(fake.token, { slackApiUrl: `${fake.apiBase}/`, retryConfig: { retries: 0 } });
  });
  afterEach(() => fake.close());

  const refusalOf = (call: Promise<unknown>) =>
    call.then(
      () => "taken",
      (error: unknown) =>
        error instanceof Error && "data" in error ? Reflect.get(Object(error.data), "error") : error,
    );

  it("gives Slack's own client what it expects, and keeps each message as it stands now", async () => {
    const { ok, ts, channel } = await client.chat.postMessage({ channel: "C0TEAM1", markdown_text: "one" });
    await client.chat.update({ channel: "C0TEAM1", ts: ts ?? "", text: "two" });
    expect([ok, channel, fake.texts()]).toEqual([true, "C0TEAM1", ["two"]]);
  });

  it.each([
    ["no_text", { channel: "C0TEAM1" }],
    ["markdown_text_conflict", { channel: "C0TEAM1", text: "a", markdown_text: "b" }],
    ["channel_not_found", { channel: "#team", text: "a" }],
    ["invalid_arguments", { channel: "C0TEAM1", text: "a", colour: "red" }],
    ["invalid_arguments", { channel: "C0TEAM1", markdown_text: "a".repeat(12_001) }],
    ["invalid_arguments", { channel: "C0TEAM1", text: "a", thread_ts: "now" }],
    ["invalid_arguments", { channel: "C0TEAM1", text: "a", client_msg_id: "1" }],
  ])("refuses with %s as Slack does", async (error, message) => {
    expect(await refusalOf(client.apiCall("chat.postMessage", message))).toBe(error);
    expect(fake.texts()).toEqual([]);
  });

  it("knows no other method, message or token", async () => {
    expect(await refusalOf(client.apiCall("chat.hologram", {}))).toBe("unknown_method");
    expect(await refusalOf(client.chat.update({ channel: "C0TEAM1", ts: "1.000001", text: "a" }))).toBe(
      "message_not_found",
    );
    const other = new WebClient("xoxb-other", { slackApiUrl: `${fake.apiBase}/`, retryConfig: { retries: 0 } });
    expect(await refusalOf(other.chat.postMessage({ channel: "C0TEAM1", text: "a" }))).toBe("invalid_auth");
  });
});
