import { describe, expect, it } from "vitest";
import { BOT_USER } from "../../../../emulators/platforms/slack/slackCalls.ts";
import { BEN, makeSlackForEach, messagesOf, platform, receive, services } from "./receivingStage.ts";
import { ANA, CHANNEL, channelEvent, DM, messageEvent, slackCall, tsOf } from "./slackCall.ts";
import { changed, mentionEvent } from "./slackEvents.ts";

makeSlackForEach();

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
