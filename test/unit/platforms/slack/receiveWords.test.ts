import { beforeEach, describe, expect, it } from "vitest";
import { BOT_USER } from "../../../../emulators/platforms/slack/slackCalls.ts";
import { secret } from "../../../../lib/adapter/options.ts";
import type { Platform } from "../../../../lib/adapter/Platform.ts";
import { type TestServices, testServices } from "../../../../lib/adapter/testing/testServices.ts";
import { slack } from "../../../../lib/platforms/slack/slack.ts";
import { channelEvent, eventCall, messageEvent, SIGNING_SECRET } from "./slackCall.ts";
import type { Fields } from "./slackEvents.ts";

let services: TestServices;
let platform: Platform;
beforeEach(() => {
  services = testServices({ TOKEN: "xoxb-1-2-abc", SIGNING_SECRET });
  platform = slack({ token: secret("TOKEN"), signingSecret: secret("SIGNING_SECRET") }).create(services);
});

const receive = (event: Fields) => platform.receive(eventCall(event));

const messagesOf = async (event: Fields) => {
  const { messages, chats = [], response } = await receive(event);
  expect([chats, response]).toEqual([[], { status: 200 }]);
  return messages;
};

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
