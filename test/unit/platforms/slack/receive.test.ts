import { describe, expect, it } from "vitest";
import { BOT_USER, eventBody } from "../../../../emulators/platforms/slack/slackCalls.ts";
import { WebhookError } from "../../../../lib/adapter/errors.ts";
import { BEN, makeSlackForEach, messagesOf, platform, services } from "./receivingStage.ts";
import { ANA, CHANNEL, channelEvent, DM, eventCall, messageEvent, slackCall, tsOf } from "./slackCall.ts";
import { changed, mentionEvent } from "./slackEvents.ts";

makeSlackForEach();

const refusalOf = (body: string, contentType?: string) =>
  platform.receive(slackCall(body, contentType)).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("slack, receiving a message,", () => {
  it("takes a direct message for one of its user's own conversation, and answers it beside", async () => {
    expect(await messagesOf(messageEvent())).toEqual([
      {
        messageId: `${tsOf(1)}-${DM}`,
        ref: tsOf(1),
        sentAt: 1_772_366_401_000,
        chat: { id: ANA, type: "dm" },
        user: { id: ANA },
        role: "user",
        text: "Hello",
        origin: "chat",
        replyTo: { channel: DM },
      },
    ]);
  });

  it("takes each thread of direct messages, as an assistant has them, for a conversation of its own", async () => {
    expect(await messagesOf(messageEvent({ thread_ts: tsOf(0) }))).toMatchObject([
      { chat: { id: ANA, type: "dm", thread: tsOf(0) }, replyTo: { channel: DM, thread: tsOf(0) } },
    ]);
  });

  it("takes a message of a channel for the first of a thread, and those behind it for the same thread", async () => {
    const first = await messagesOf(channelEvent({ text: `<@${BOT_USER}> hi` }));
    const second = await messagesOf(channelEvent({ thread_ts: tsOf(1), parent_user_id: ANA }, 2));
    const thread = {
      chat: { id: CHANNEL, type: "thread", thread: tsOf(1) },
      replyTo: { channel: CHANNEL, thread: tsOf(1) },
    };
    expect(first).toMatchObject([{ ...thread, mentioned: true, text: "hi", mayHaveMoved: true }]);
    expect(second).toMatchObject([{ ...thread, mentioned: false }]);
  });

  it.each([
    ["at the start of a thread", {}],
    ["within one", { thread_ts: tsOf(0), parent_user_id: BEN }],
    [
      "with a file",
      { subtype: "file_share", files: [{ id: "F1", name: "a.pdf", mimetype: "application/pdf", size: 9 }] },
    ],
  ])("makes one and the same message of a text that comes as message and as app_mention, %s", async (_, changes) => {
    const event = channelEvent({ text: `<@${BOT_USER}> hi`, ...changes });
    expect(await messagesOf(mentionEvent(event))).toEqual(await messagesOf(event));
  });

  it("takes an answer to a message of the bot's for one that is meant for it", async () => {
    expect(await messagesOf(channelEvent({ thread_ts: tsOf(0), parent_user_id: BOT_USER }))).toMatchObject([
      { mentioned: true },
    ]);
  });

  it("takes the bot's name off an app_mention that does not say whose it is", async () => {
    const body = JSON.parse(eventBody(mentionEvent(channelEvent({ text: `<@${BOT_USER}> /reset` }))));
    const { messages } = await platform.receive(slackCall(JSON.stringify({ ...body, authorizations: [] })));
    expect(messages).toMatchObject([{ command: "reset", text: "", mentioned: true }]);
  });

  it("gives message ids that sort as the messages were written", async () => {
    const ids = await Promise.all(
      [1, 2, 10].map(async (number) => (await messagesOf(messageEvent({}, number)))[0]?.messageId),
    );
    expect(ids.toSorted()).toEqual(ids);
  });

  it("knows a call that Slack repeats, and says why it is repeated", async () => {
    const call = eventCall(messageEvent());
    const headers = { ...call.headers, "x-slack-retry-num": "1", "x-slack-retry-reason": "http_timeout" };
    expect(await platform.receive({ ...call, headers })).toEqual(await platform.receive(call));
    expect(services.logged).toEqual([{ event: "slack.retried", fields: { reason: "http_timeout" } }]);
    // It is not signed, so it may be anybody's words.
    await platform.receive({ ...call, headers: { ...headers, "x-slack-retry-reason": "Ana's secret" } });
    expect(services.logged).toHaveLength(1);
  });

  it.each([
    ["/reset", "reset", ""],
    ["reset", "reset", ""],
    ["Help!", "help", ""],
    ["memory off", "memory", "off"],
    ["/new: what now?", "new", "what now?"],
  ])("takes %j to the bot for a command", async (text, command, rest) => {
    expect(await messagesOf(messageEvent({ text }))).toMatchObject([{ command, text: rest }]);
    expect(await messagesOf(channelEvent({ text: `<@${BOT_USER}> ${text}` }))).toMatchObject([{ command, text: rest }]);
  });

  it.each(["new", "start", "retry", "reset the clock", "memory is short"])("takes %j for words", async (text) => {
    const [message] = await messagesOf(messageEvent({ text }));
    expect([message?.text, message?.command]).toEqual([text, undefined]);
  });

  it("makes no command of what members of a channel say to each other", async () => {
    expect((await messagesOf(channelEvent({ text: "reset" })))[0]).not.toHaveProperty("command");
  });
});

describe("slack, given an edit,", () => {
  const edited = { user: ANA, ts: tsOf(4) };

  it("corrects the message's words, wherever it stands", async () => {
    const before = channelEvent({ text: `<@${BOT_USER}> My name is Ane`, thread_ts: tsOf(0) });
    expect(await messagesOf(changed(before, { text: `<@${BOT_USER}> My name is Ana`, edited }))).toMatchObject([
      {
        messageId: `${tsOf(5)}-${CHANNEL}`,
        edits: tsOf(1),
        sentAt: 1_772_366_404_000,
        chat: { id: CHANNEL, type: "thread", thread: tsOf(0) },
        text: "My name is Ana",
      },
    ]);
  });

  it("carries out no command by it, and takes no words away", async () => {
    expect(await messagesOf(changed(messageEvent(), { text: "/reset", edited }))).toEqual([]);
    expect(await messagesOf(changed(messageEvent(), { text: "", edited }))).toEqual([]);
  });
});

describe("slack, called by whoever knows the address,", () => {
  it("answers Slack's challenge, which is signed as any call", async () => {
    const body = JSON.stringify({
      token: "t",
      challenge: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
      type: "url_verification",
    });
    expect(await platform.receive(slackCall(body))).toEqual({
      messages: [],
      response: {
        status: 200,
        headers: { "content-type": "text/plain" },
        body: "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P",
      },
    });
    const unsigned = { ...slackCall(body), headers: {} };
    await expect(platform.receive(unsigned)).rejects.toMatchObject({ status: 401 });
  });

  it("knows the signature of Slack's own documentation", async () => {
    const body =
      "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      "x-slack-request-timestamp": "1531420618",
      "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    };
    const call = { ...slackCall(body), headers };
    await expect(platform.receive(call)).rejects.toMatchObject({ status: 401 });
    services.clock.set(1_531_420_618_000 + 300_000);
    expect((await platform.receive(call)).messages).toMatchObject([{ command: "help", user: { id: "U2CERLKJA" } }]);
    services.clock.set(1_531_420_618_000 + 301_000);
    await expect(platform.receive(call)).rejects.toMatchObject({ status: 401 });
    services.clock.set(1_531_420_618_000 - 301_000);
    await expect(platform.receive(call)).rejects.toMatchObject({ status: 401 });
  });

  it("asks Slack not to repeat a call that no repetition mends, and lets it repeat one that may be", async () => {
    expect(await refusalOf("{")).toMatchObject({ status: 400, headers: { "x-slack-no-retry": "1" } });
    const noTime = JSON.stringify({ type: "event_callback", event: { ...messageEvent(), ts: "now" } });
    expect(await refusalOf(noTime)).toMatchObject({
      status: 400,
      field: "ts",
      headers: { "x-slack-no-retry": "1" },
    });
    // The signing secret may just be being changed.
    const other = slackCall(eventBody(messageEvent()));
    const error = await platform.receive({ ...other, body: Buffer.from("{}") }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(WebhookError);
    expect(error).toMatchObject({ status: 401, headers: {} });
  });

  it("says of a signing secret of another form that it is one", async () => {
    services.values.SIGNING_SECRET = "xoxb-not-the-signing-secret";
    const call = platform.receive(eventCall(messageEvent()));
    await expect(call).rejects.toThrow(
      "the secret SIGNING_SECRET is not a signing secret of 32 small letters and digits",
    );
  });
});
