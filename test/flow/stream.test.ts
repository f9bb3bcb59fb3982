import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationItem } from "../../lib/runtime/keys.ts";
import { allRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";

describe("the stream", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("L12 passes a reset on with its reason after the table refused calls for an hour, however often it was tried", async () => {
    await world.chat("hello");
    await world.say("/reset");
    await world.step.message();
    world.outside.fail("GetItemCommand", 60);
    for (let attempt = 0; attempt < 60; attempt++) {
      expect(await world.step.stream()).toBe(false);
      world.advance("1m");
    }

    expect(await world.step.stream()).toBe(true);
    await world.settle();

    expect(await sessionRows(world)).toMatchObject([{ status: "ended", reason: "reset" }, { status: "open" }]);
    expect(world.delivered()).toMatchObject([{ reason: "reset", turns: 1 }]);
  });

  it("sets a record aside that nobody can read, after four minutes, seals what is behind it, and the sweep mends it", async () => {
    await world.chat("hello", { conversation: "bad" });
    await world.chat("hello", { conversation: "good" });
    await spoil("bad");
    world.goTo("2026-03-02T10:30:01Z");
    await world.sweep();

    expect(await world.step.stream()).toBe(false);
    expect(await reasons()).toEqual({ bad: undefined, good: "idle" });
    world.goTo("2026-03-02T10:34:00Z");
    expect(await world.step.stream()).toBe(false);
    world.goTo("2026-03-02T10:34:03Z");
    expect(await world.step.stream()).toBe(true);

    expect(world.logged.at(-1)).toMatchObject({ event: "seal.setAside" });
    expect(await world.step.stream()).toBe(false);
    await sweepAt(world, "2026-03-02T10:35:00Z");
    await sweepAt(world, "2026-03-02T10:41:00Z");
    expect(await reasons()).toEqual({ bad: "recovered", good: "idle" });
    expect(world.delivered()).toHaveLength(2);
  });

  /** What only a conversation's item has is unreadable, from now on. */
  async function spoil(conversation: string): Promise<void> {
    const rows = await allRows(world);
    const live = rows.find(({ pk, sk }) => sk === "LIVE" && String(pk).includes(conversation));
    const { client, name: TableName } = world.operatorTable;
    const Key = { ...conversationItem(String(live?.pk).slice("CONV#".length)) };
    const spoiled = { UpdateExpression: "SET previous = :odd", ExpressionAttributeValues: { ":odd": "odd" } };
    await client.send(new UpdateCommand({ TableName, Key, ...spoiled }));
    // The sweep itself leaves alone what it can't read.
    world.goTo("2026-03-02T10:30:01Z");
    await world.ttl();
  }

  /** Why each session ended, by its conversation. */
  async function reasons(): Promise<Readonly<Record<string, string | undefined>>> {
    const rows = await sessionRows(world);
    return Object.fromEntries(rows.map(({ chat, reason }) => [chat.id, reason]));
  }
});
