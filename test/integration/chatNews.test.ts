import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { ANA, DM, TEAM, telegramChat } from "../harness/telegramChat.ts";

const OLD = { id: -500, title: "Team", type: "group" };

describe("the gateway, given news of a chat,", () => {
  let harness: GatewayHarness;
  let chat: ReturnType<typeof telegramChat>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    chat = telegramChat(harness);
  });
  afterEach(() => harness.stop());

  const kicked = (from: object, date: number) => ({
    my_chat_member: { chat: { ...DM, ...from }, from: ANA, date, new_chat_member: { status: "kicked" } },
  });

  it("ends a session that a message began under a moved group's new id before the news of the move", async () => {
    harness.deploy({ sessions: { default: "none" }, inGroups: { answer: "always" } });
    await chat.send({ chat: TEAM, text: "I like tea" });
    await chat.send({ chat: OLD, migrate_to_chat_id: TEAM.id });
    await chat.send({ chat: TEAM, text: "I like jazz" });
    for (let day = 0; day < 2; day++) {
      harness.advance("24h");
      await harness.sweep();
      await harness.settle();
    }
    expect(harness.delivered()).toMatchObject([{ reason: "gone", messages: [{ content: "I like tea" }, {}] }]);
    expect((await sessionRows(harness)).map(({ status }) => status).toSorted()).toEqual(["ended", "open"]);
  });

  it("answers a moved group of which the config names the new id alone", async () => {
    harness.deploy({ inGroups: { answer: "always" } });
    await chat.send({ chat: OLD, text: "hello" });
    await chat.send({ chat: OLD, migrate_to_chat_id: TEAM.id });
    harness.deploy({ access: { telegram: { chats: [String(TEAM.id)] } }, inGroups: { answer: "always" } });
    await chat.send({ chat: TEAM, text: "still here?" });
    expect(chat.replies().at(-1)).toBe("You said: still here?");
  });

  it("goes on with the session of somebody who has come back when the news that they had left comes late", async () => {
    harness.deploy({ sessions: { default: "none" } });
    const left = Math.floor(harness.clock.now() / 1000);
    harness.advance("10m");
    await chat.send({ text: "I am back" });
    await chat.deliver(kicked({}, left));
    expect(await sessionRows(harness)).toMatchObject([{ status: "open" }]);
  });

  it("deletes in time what it notes of a chat that is gone, also of somebody who was never let in", async () => {
    harness.deploy({ access: { telegram: { users: ["4711"] } } });
    await chat.deliver(kicked({ id: 666 }, Math.floor(harness.clock.now() / 1000)));
    for (const row of await allRows(harness)) expect(row).toMatchObject({ expiresAt: expect.any(Number) });
  });
});
