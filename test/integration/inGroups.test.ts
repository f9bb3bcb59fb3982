import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows } from "../harness/rows.ts";
import { commandMark, TEAM, telegramChat } from "../harness/telegramChat.ts";

const BOT = { id: 123_456, is_bot: true, first_name: "Vesper" };

const asking = (text: string) => ({
  chat: TEAM,
  text: `@vesper_bot ${text}`,
  entities: [{ type: "mention", offset: 0, length: 11 }],
});

describe("the bot, in a group of people,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  it("answers those who name it, answer it or command it, and nobody else", async () => {
    await chat.send({ chat: TEAM, text: "nice weather" });
    expect(await sessionRows(harness)).toEqual([]);
    await chat.send(asking("hello"));
    await chat.send({
      chat: TEAM,
      text: "and then?",
      reply_to_message: { message_id: 1, from: BOT, text: "You said" },
    });
    await chat.send({ chat: TEAM, text: "/status", ...commandMark(7) });
    await chat.send({
      chat: TEAM,
      text: "@somebody_else look",
      entities: [{ type: "mention", offset: 0, length: 14 }],
    });

    expect(chat.replies()).toEqual([
      "You said: hello",
      expect.stringContaining("and then?"),
      expect.stringContaining("This conversation began"),
    ]);
  });

  it("answers everybody where the config says so", async () => {
    harness.deploy({ inGroups: { answer: "always" } });
    await chat.send({ chat: TEAM, text: "nice weather" });
    expect(chat.replies()).toEqual(["You said: nice weather"]);
  });

  it("takes what was said between for context where the config says so: records it, remembers it, does not answer it", async () => {
    harness.deploy({ groups: "shared", inGroups: { between: "context" } });
    await chat.send({ chat: TEAM, from: { ...BOT, id: 4712, is_bot: false, first_name: "Ben" }, text: "I like jazz" });
    await chat.send(asking("What does Ben like?"));
    expect(chat.replies()).toEqual(["You said: What does Ben like?"]);
    await chat.send({ chat: TEAM, text: "/reset", ...commandMark(6) });

    expect(harness.delivered()).toMatchObject([
      {
        turns: 2,
        messages: [{ content: "I like jazz", author: { name: "Ben" } }, { content: "What does Ben like?" }, {}],
      },
    ]);
  });

  it("recalls memories with the first answer, also when others spoke before", async () => {
    harness.deploy({ inGroups: { between: "context" } });
    await chat.send(asking("I like tea"));
    await chat.send({ chat: TEAM, text: "/reset", ...commandMark(6) });
    await chat.send({ chat: TEAM, text: "nice weather" });
    await chat.send(asking("What do I like?"));
    expect(chat.replies().at(-1)).toContain("Likes tea");
  });
});
