import { describe, expect, it } from "vitest";
import { CHANNEL } from "../../../../emulators/platforms/line/startLineFake.ts";
import { webhookCall } from "../../../../emulators/platforms/line/webhookCall.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import { testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { line } from "../../../../lib/platforms/line/line.ts";
import { ADDRESS, AT, eventOf, lineCall } from "./lineCall.ts";

const platformWith = (channelSecret = CHANNEL.channelSecret) =>
  line({ channelSecret: secret("CHANNEL_SECRET"), accessToken: secret("ACCESS_TOKEN") }).create(
    testServices({ CHANNEL_SECRET: channelSecret, ACCESS_TOKEN: CHANNEL.accessToken }),
  );
const receive = (...events: readonly object[]) => platformWith().receive(lineCall(events));
const GROUP = { source: { type: "group", groupId: "C1", userId: "U4711" } };

it("is signed as the test of LINE's own library", () => {
  const call = webhookCall('{"hello":"world"}', "test_secret", ADDRESS);
  expect(call.headers["x-line-signature"]).toBe("t7Hn4ZDHqs6e+wdvI5TyQIvzie0DmMUmuXEBqyyE/tM=");
});

describe("a webhook of LINE's", () => {
  it("brings a message with the token that answers it once", async () => {
    expect((await receive(eventOf())).messages).toEqual([
      {
        ...{ messageId: "01FZ74A0TDDPYRVKNK77XKC3ZR", ref: "444573844083572737", sentAt: AT, role: "user" },
        ...{ chat: { id: "U4711", type: "dm" }, user: { id: "U4711" }, text: "Hello", origin: "chat" },
        replyTo: { to: "U4711", at: AT, isDirect: true, token: "token-1" },
      },
    ]);
  });

  it("brings any number of events, none when the address is verified", async () => {
    expect(await receive()).toMatchObject({ messages: [], chats: [], response: { status: 200 } });
    const second = { webhookEventId: "01FZ74A0TDDPYRVKNK77XKC3ZS" };
    expect((await receive(eventOf(), eventOf({ text: "again" }, second))).messages).toHaveLength(2);
  });

  it("says of a group's message whether it names the bot, and takes the name off wherever it stands", async () => {
    const self = { index: 6, length: 4, type: "user", userId: "U0", isSelf: true };
    const other = { index: 0, length: 4, type: "user", userId: "U1", isSelf: false };
    const mention = { mentionees: [other, self] };
    const [named] = (await receive(eventOf({ text: "@Ann, @bot what now?", mention }, GROUP))).messages;
    expect(named).toMatchObject({ mentioned: true, text: "@Ann, what now?", chat: { id: "C1", type: "group" } });
    expect((await receive(eventOf({}, GROUP))).messages).toMatchObject([{ mentioned: false }]);
    expect((await receive(eventOf({ text: "/reset" }, GROUP))).messages).toMatchObject([
      { mentioned: true, command: "reset" },
    ]);
  });

  it.each([
    [
      { type: "image", contentProvider: { type: "line" } },
      { kind: "image", handle: "444573844083572737" },
    ],
    [
      { type: "file", fileName: "a.pdf", fileSize: 2138 },
      { kind: "file", name: "a.pdf", size: 2138, handle: "444573844083572737" },
    ],
    [
      { type: "audio", duration: 60_000 },
      { kind: "audio", duration: 60, handle: "444573844083572737" },
    ],
    [
      { type: "sticker", packageId: "1", stickerId: "1", keywords: ["love", "cat"] },
      { kind: "sticker", name: "love" },
    ],
    [
      { type: "location", title: "office", latitude: 35.6, longitude: 139.7 },
      { kind: "location", name: "office" },
    ],
    [{ type: "hologram" }, { kind: "other" }],
  ])("describes %j", async (message, attachment) => {
    const { text: _, ...given } = eventOf(message).message as { text?: string };
    const event = { ...eventOf(), message: given };
    expect((await receive(event)).messages).toMatchObject([{ text: "", attachments: [attachment] }]);
  });

  it.each([
    ["unfollow", { source: { type: "user", userId: "U4711" } }, { id: "U4711", type: "dm" }],
    ["leave", { source: { type: "room", roomId: "R1" } }, { id: "R1", type: "group" }],
  ])("tells by %s that the chat is gone", async (type, changes, chat) => {
    const { message: _, ...event } = eventOf({}, { type, ...changes });
    expect((await receive(event)).chats).toEqual([{ chat, at: AT }]);
  });

  it.each([
    ["unsend", { type: "unsend", unsend: { messageId: "1" } }],
    ["follow", { type: "follow", follow: { isUnblocked: false } }],
    ["memberJoined", { type: "memberJoined", joined: { members: [] } }],
    ["postback", { type: "postback", postback: { data: "a=1" } }],
    ["an event of a channel on standby", { mode: "standby" }],
    ["a message of nobody", { source: undefined }],
  ])("ignores %s on purpose", async (_, changes) => {
    expect(await receive(eventOf({}, changes))).toMatchObject({ messages: [], chats: [] });
  });

  it.each([
    [{ webhookEventId: "" }, "events.0.webhookEventId"],
    [{ timestamp: "now" }, "events.0.timestamp"],
  ])("is refused with %j, by the field's name", async (changes, field) => {
    await expect(receive(eventOf({}, changes))).rejects.toMatchObject({ status: 400, field });
  });
});
