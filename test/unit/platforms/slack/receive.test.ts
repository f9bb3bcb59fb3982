import type { AppMentionEvent, MessageChangedEvent } from "@slack/types";
import { beforeEach, describe, expect, it } from "vitest";
import { BOT_USER, eventBody } from "../../../../emulators/platforms/slack/slackCalls.ts";
import { WebhookError } from "../../../../lib/adapter/errors.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { type TestServices, testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import {
  ANA,
  CHANNEL,
  channelEvent,
  DM,
  eventCall,
  messageEvent,
  SIGNING_SECRET,
  slackCall,
  tsOf,
} from "./slackCall.ts";

const BEN = "U061F7AUR";

let services: TestServices;
let platform: Platform;
beforeEach(() => {
  services = testServices({ TOKEN: "xoxb-1-2-abc", SIGNING_SECRET });
  platform = slack({ token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") }).create(services);
});

type Fields = Readonly<Record<string, unknown>>;

const receive = (event: Fields) => platform.receive(eventCall(event));

const messagesOf = async (event: Fields) => {
  const { messages, chats = [], response } = await receive(event);
  expect([chats, response]).toEqual([[], { status: 200 }]);
  return messages;
};

/** The same text as `app_mention` brings it, which says less of where it was written. */
const mentionEvent = ({ channel_type: _, ...message }: Fields): Fields => {
  const typed: Pick<AppMentionEvent, "type"> = { type: "app_mention" };
  return { ...message, ...typed };
};

const changed = (before: Fields, changes: Fields, number = 5): Fields => {
  const { channel, channel_type, ...message } = before;
  const event: Pick<MessageChangedEvent, "type" | "subtype" | "hidden"> = {
    type: "message",
    subtype: "message_changed",
    hidden: true,
  };
  const ts = tsOf(number);
  return {
    ...event,
    channel,
    channel_type,
    ts,
    event_ts: ts,
    message: { ...message, ...changes },
    previous_message: message,
  };
};

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

describe("slack, reading a text,", () => {
  it.each([
    ["a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"],
    ["see <https://example.com/a?b=1&amp;c=2>", "see https://example.com/a?b=1&c=2"],
    ["see <https://example.com/a|the page>", "see the page (https://example.com/a)"],
    ["see <http://example.com|example.com>", "see example.com"],
    ["write <mailto:ana@example.com|ana@example.com>", "write ana@example.com"],
    ["ask <@U061F7AUR> or <@U061F7AUR|ben> in <#C024BE7LR|general>", "ask @U061F7AUR or @ben in #general"],
    ["<!here> and <!subteam^S012|@team>: <!date^1392734382^{date}|Feb 18>", "@here and @team: Feb 18"],
    ["1 < 2, <unclosed", "1 < 2, <unclosed"],
  ])("writes %j as people read it", async (text, read) => {
    expect(await messagesOf(messageEvent({ text }))).toMatchObject([{ text: read }]);
  });

  it.each([
    [`<@${BOT_USER}>, hello`, "hello"],
    [`<@${BOT_USER}|vesper> <@${BOT_USER}>: hello`, "hello"],
    [`I like tea, <@${BOT_USER}>.`, "I like tea,."],
    [`hello <@${BOT_USER}> and <@U061F7AUR>`, "hello and @U061F7AUR"],
  ])("takes the bot's name off %j", async (text, read) => {
    expect(await messagesOf(channelEvent({ text }))).toMatchObject([{ text: read, mentioned: true }]);
  });

  it("takes linear time, whatever is written", async () => {
    const time = async (text: string) => {
      const start = performance.now();
      await receive(channelEvent({ text }));
      return performance.now() - start;
    };
    for (const part of ["<@", " ", `<@${BOT_USER}> `, "<a|", "&lt;", "<!subteam^", ">"]) {
      expect(await time(part.repeat(Math.floor(150_000 / part.length)))).toBeLessThan(500);
    }
  });
});

describe("slack, given more than words,", () => {
  const shared = { is_share: true, text: "My name is Ben", author_name: "Ben" };

  it("describes files, by whose ids an agent may fetch them", async () => {
    const files = [
      { id: "F1", name: "cat.png", mimetype: "image/png", size: 120_000, mode: "hosted" },
      { id: "F2", name: "audio_message.m4a", mimetype: "audio/mp4", subtype: "slack_audio", duration_ms: 3_200 },
      { id: "F3", name: null, mimetype: "video/mp4" },
      { id: "F4", mode: "tombstone" },
      { id: "F5", name: "song.mp3", mimetype: "audio/mpeg" },
      { id: "F6", name: "plan.pdf", mimetype: "application/pdf" },
    ];
    expect(await messagesOf(messageEvent({ subtype: "file_share", text: "", files }))).toMatchObject([
      {
        text: "",
        attachments: [
          { kind: "image", name: "cat.png", size: 120_000, mime: "image/png", handle: "F1" },
          { kind: "voice", duration: 3, handle: "F2" },
          { kind: "video", handle: "F3" },
          { kind: "audio", handle: "F5" },
          { kind: "file", handle: "F6" },
        ],
      },
    ]);
  });

  it("quotes a message that is passed on with a comment, and marks one that is passed on alone", async () => {
    expect(await messagesOf(messageEvent({ text: "Is it so?", attachments: [shared] }))).toMatchObject([
      { text: "Is it so?", quoted: { text: "My name is Ben", author: "Ben" } },
    ]);
    expect(await messagesOf(messageEvent({ text: "", attachments: [shared] }))).toMatchObject([
      { text: "My name is Ben", forwarded: { from: "Ben" } },
    ]);
  });

  it("names the bot by nobody's words but the user's own", async () => {
    const attachments = [{ ...shared, text: `<@${BOT_USER}> /reset` }];
    const [message] = await messagesOf(channelEvent({ text: "", attachments }));
    expect(message).toMatchObject({ mentioned: false, forwarded: { from: "Ben" } });
  });

  it("leaves the preview of a link out", async () => {
    const attachments = [{ text: "An example", title: "Example", from_url: "https://example.com" }];
    const [message] = await messagesOf(messageEvent({ text: "<https://example.com>", attachments }));
    expect(message?.text).toBe("https://example.com");
    expect(message).not.toHaveProperty("quoted");
  });
});

describe("slack, given an event without a person's words,", () => {
  const joined = { subtype: "channel_join", text: `<@${ANA}> has joined the channel` };
  const before = messageEvent({ text: "https://example.com" });
  const deleted = { type: "message", subtype: "message_deleted", hidden: true, channel: DM, channel_type: "im" };

  it.each([
    ["W7 of the bot's own", messageEvent({ user: BOT_USER, text: "You said: Hello" })],
    [
      "W7 of the bot's own, as Slack sends it",
      messageEvent({ subtype: "bot_message", bot_id: "B0VESPER", user: undefined, text: "You said: Hello" }),
    ],
    ["of another bot", channelEvent({ bot_id: "B0OTHER", bot_profile: { id: "B0OTHER" }, text: `<@${BOT_USER}> hi` })],
    ["that another bot mentions us in", mentionEvent(channelEvent({ bot_id: "B0OTHER", text: `<@${BOT_USER}> hi` }))],
    ["of Slackbot's", messageEvent({ user: "USLACKBOT" })],
    ["that somebody has joined", channelEvent(joined)],
    ["that somebody has left", channelEvent({ ...joined, subtype: "channel_leave" })],
    ["of a channel's topic", channelEvent({ subtype: "channel_topic", topic: "Tea", text: "set the topic: Tea" })],
    ["that was deleted", { ...deleted, ts: tsOf(2), event_ts: tsOf(2), deleted_ts: tsOf(1), previous_message: before }],
    ["with neither words nor a file", messageEvent({ text: "" })],
    ["to which a preview was added", changed(before, { attachments: [{ text: "An example" }] })],
    [
      "that the bot has changed",
      changed(before, { bot_id: "B0VESPER", text: "More", edited: { user: BOT_USER, ts: tsOf(5) } }),
    ],
    ["that had been edited before", changed({ ...before, edited: { user: ANA, ts: tsOf(2) } }, { reply_count: 1 })],
    ["whose words were deleted", changed(before, { subtype: "tombstone", text: "This message was deleted." })],
    ["of which a thread began", { ...channelEvent({ subtype: "message_replied", hidden: true }), message: before }],
  ])("makes nothing of a message %s", async (_, event) => {
    expect(await messagesOf(event)).toEqual([]);
  });

  const assistant = { user_id: ANA, context: {}, channel_id: DM, thread_ts: tsOf(0) };
  it.each([
    { type: "reaction_added", user: ANA, reaction: "thumbsup", item: { type: "message", channel: DM, ts: tsOf(1) } },
    { type: "assistant_thread_started", assistant_thread: assistant, event_ts: tsOf(1) },
    { type: "app_home_opened", user: ANA, channel: DM, tab: "messages", event_ts: tsOf(1) },
    { type: "channel_rename", channel: { id: CHANNEL, name: "tea", created: 1 }, event_ts: tsOf(1) },
    {
      type: "member_joined_channel",
      user: BOT_USER,
      channel: CHANNEL,
      channel_type: "C",
      team: "T1",
      event_ts: tsOf(1),
    },
    { type: "member_left_channel", user: BEN, channel: CHANNEL, channel_type: "C", team: "T1", event_ts: tsOf(1) },
    { type: "hologram_cast", channel: 7 },
  ])("makes nothing of $type", async (event) => {
    expect(await messagesOf(event)).toEqual([]);
  });

  it("tells of events that Slack has dropped", async () => {
    const { messages } = await platform.receive(
      slackCall(
        JSON.stringify({
          type: "app_rate_limited",
          team_id: "T1",
          minute_rate_limited: 1_518_467_820,
          api_app_id: "A1",
        }),
      ),
    );
    expect([messages, services.logged.map(({ event }) => event)]).toEqual([[], ["slack.rate-limited"]]);
  });
});

describe("slack, given the news of a chat,", () => {
  const at = 1_772_366_403_000;

  it.each([
    { type: "channel_archive", channel: CHANNEL, user: ANA, event_ts: tsOf(3) },
    { type: "group_archive", channel: CHANNEL, event_ts: tsOf(3) },
    { type: "channel_left", channel: CHANNEL, actor_id: ANA, event_ts: tsOf(3) },
    { type: "group_left", channel: CHANNEL, actor_id: ANA, event_ts: tsOf(3) },
    { type: "member_left_channel", user: BOT_USER, channel: CHANNEL, channel_type: "C", team: "T1", event_ts: tsOf(3) },
  ])("tells that a channel is gone by $type", async (event) => {
    const { messages, chats } = await receive(event);
    expect([messages, chats]).toEqual([[], [{ chat: { id: CHANNEL, type: "group" }, at }]]);
  });

  it("tells that a channel is gone that was deleted, though not since when", async () => {
    const { chats } = await receive({ type: "channel_deleted", channel: CHANNEL });
    expect(chats).toEqual([{ chat: { id: CHANNEL, type: "group" } }]);
  });

  it("tells a channel's new id", async () => {
    const { chats } = await receive({
      type: "channel_id_changed",
      old_channel_id: CHANNEL,
      new_channel_id: "C9",
      event_ts: tsOf(3),
    });
    expect(chats).toEqual([{ chat: { id: CHANNEL, type: "group" }, movedTo: "C9", at }]);
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
