import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../world/World.ts";

const FUNCTIONS = ["webhook", "message", "expiry", "session-end"];

describe("the rights of the functions", () => {
  let world: World;
  beforeAll(async () => {
    // WHEN everything happens that functions ask the table for
    world = await startWorld();
    await world.chat("My name is Ann", { sentAt: null });
    await world.chat("/memory off");
    await world.chat("/memory on");
    const again = { delivery: "again", sentAt: Date.now() };
    await world.chat("I live in Lisbon", again);
    world.provider.failNext(1, 503);
    await world.chat("/new hello again");
    await world.chat("I live in Lisbon", again);
    for (let minute = 0; minute < 40; minute++) {
      world.advance("1m");
      if (minute === 5) await world.chat("one more");
      await world.sweep();
      if (minute !== 36) await world.settle();
      else await world.stream.drop();
    }
    world.provider.setMode(401);
    await world.chat("a last word", again);
    await world.chat("another");
    await world.chat("/reset");
    world.provider.setMode("ok");
    world.advance("40d");
    await world.retention();
  }, 120_000);
  afterAll(() => world.stop());

  it.each(FUNCTIONS)("let the %s function do what it asks of the table, and nothing that it never asks", (name) => {
    const needed = world.outside.needed.get(name) ?? new Set();
    const granted = [...(world.wiring.rights.get(name) ?? [])].filter((right) => !right.endsWith(" stream"));
    expect(granted.filter((right) => !needed.has(right)).sort()).toEqual(SELDOM[name] ?? []);
  });

  it("are asked for in every story: a request beyond them is refused as AWS refuses it", async () => {
    const { client, name: TableName } = world.table;
    const read = (pk: string) => client.send(new GetCommand({ TableName, Key: { pk, sk: "LIVE" } }));
    const asked = (by: string, pk: string) => world.outside.invoke(() => read(pk), by);

    await expect(asked("session-end", "CONV#c")).resolves.toBeDefined();
    await expect(asked("session-end", "MEMORY#m")).rejects.toThrow("the session-end function may not GetItem MEMORY");
    await expect(asked("webhook", "CONV#c")).rejects.toThrow("the webhook function may not GetItem CONV");
  });
});

/** What the story does not come to: see `withdrawSession`, `settleReply`, `sendAgain`, `breakerVisits`, `visitHook` and `giveUp`. */
const SELDOM: Readonly<Record<string, readonly string[]>> = {
  message: ["ConditionCheckItem CONV", "DeleteItem CONV", "GetItem SESSION"],
  expiry: ["GetItem PROVIDER", "GetItem SESSION", "UpdateItem SESSION"],
  "session-end": ["UpdateItem MEMORY"],
};
