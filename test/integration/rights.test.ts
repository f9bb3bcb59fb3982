import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { TEAM, telegramChat } from "../harness/telegramChat.ts";

const FUNCTIONS = ["webhook", "message", "expiry", "session-end"];

describe("the rights of the functions", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    // WHEN everything happens that functions ask the table for
    harness = await startGatewayHarness();
    await harness.chat("My name is Ann", { sentAt: null });
    await harness.chat("/memory off");
    await harness.chat("/memory on");
    const again = { messageId: "again", sentAt: Date.now() };
    await harness.chat("I live in Lisbon", again);
    harness.provider.failNext(1, 503);
    await harness.chat("/new hello again");
    await harness.chat("I live in Lisbon", again);
    for (let minute = 0; minute < 40; minute++) {
      harness.advance("1m");
      if (minute === 5) await harness.chat("one more");
      await harness.sweep();
      if (minute !== 36) await harness.settle();
      else await harness.stream.drop();
    }
    harness.provider.setMode(401);
    await harness.chat("a last word", again);
    await harness.chat("another");
    await harness.chat("/reset");
    harness.provider.setMode("ok");
    harness.deploy({ access: { telegram: { others: "pair" } } });
    const chat = telegramChat(harness);
    await chat.send({ text: "let me in" });
    await chat.deliver({ my_chat_member: { chat: TEAM, new_chat_member: { status: "left" } } });
    harness.advance("40d");
    await harness.retention();
  }, 120_000);
  afterAll(() => harness.stop());

  it.each(FUNCTIONS)("let the %s function do what it asks of the table, and nothing that it never asks", (name) => {
    const needed = harness.gate.needed.get(name) ?? new Set();
    const granted = [...(harness.wiring.rights.get(name) ?? [])].filter((right) => !right.endsWith(" stream"));
    expect(granted.filter((right) => !needed.has(right)).sort()).toEqual(SELDOM[name] ?? []);
  });

  it("are asked for in every scenario: a request beyond them is refused as AWS refuses it", async () => {
    const { client, name: TableName } = harness.table;
    const read = (pk: string) => client.send(new GetCommand({ TableName, Key: { pk, sk: "LIVE" } }));
    const asked = (by: string, pk: string) => harness.gate.invoke(() => read(pk), by);

    await expect(asked("session-end", "CONV#c")).resolves.toBeDefined();
    await expect(asked("session-end", "MEMORY#m")).rejects.toThrow("the session-end function may not GetItem MEMORY");
    await expect(asked("webhook", "CONV#c")).rejects.toThrow("the webhook function may not GetItem CONV");
  });
});

/** What the scenario does not come to: see `withdrawSession`, `settleReply`, `sendAgain`, `breakerVisits`, `visitHook`, `visitSession` and `giveUp`. */
const SELDOM: Readonly<Record<string, readonly string[]>> = {
  message: ["ConditionCheckItem CONV", "DeleteItem CONV", "GetItem SESSION"],
  expiry: ["GetItem CHAT", "GetItem PROVIDER", "GetItem SESSION", "UpdateItem SESSION"],
  "session-end": ["UpdateItem MEMORY"],
};
