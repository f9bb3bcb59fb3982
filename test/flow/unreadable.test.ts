import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import { allRows, queueDepth } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

type Item = Readonly<Record<string, unknown>>;

/** Further than the longest wait of a job that failed, and than a lease. */
const NEXT_TRY = "65s";

describe("an item of the table is corrupt", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ memory: { crm: webhookTo(world.provider) } });
  });
  afterEach(() => world.stop());

  it("T15 a conversation: nothing is written over it, its messages wait where an alarm looks, and go on when it is restored", async () => {
    world.deploy({ memory: { crm: webhookTo(world.provider) }, sessions: { default: { idle: "24h" } } });
    await world.chat("one");
    const good = await itemOf("LIVE");
    await put({ ...good, session: 7, lease: "?" });
    const before = await allRows(world);
    await world.say("two");
    for (let receipts = 0; receipts < wiring.inbound.maxReceiveCount; receipts++) {
      await world.settle();
      world.advance(NEXT_TRY);
    }
    await world.settle();

    expect(await queueDepth(world, world.wiring.queues.inboundDead)).toBe(1);
    expect(await allRows(world)).toEqual(before);

    // What point-in-time recovery has of it.
    await put(good);
    await world.chat("three");
    await world.chat("/reset");
    expect(world.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, {}, { content: "three" }, {}] },
    ]);
  }, 60_000);

  it("T15 a turn: its session is not delivered without it, but dead and to be seen, and whole when it is restored", async () => {
    world.deploy({ memory: { crm: webhookTo(world.provider) }, hooks: { retry: ["1s", "2s"] } });
    await world.chat("one");
    await world.chat("two");
    const good = await itemOf("TURN#");
    await put({ ...good, text: 7, status: "?" });
    await sweepAt(world, "2026-03-02T10:30:00Z");
    for (let attempts = 0; attempts < 6; attempts++) {
      world.advance(NEXT_TRY);
      await world.settle();
    }

    expect(world.provider.requests).toEqual([]);
    expect(await world.deadHooks()).toHaveLength(1);
    expect(await world.deadLetters()).toBe(1);
    expect(world.measured).toContainEqual({ name: "HookDead", value: 1, unit: "Count", by: { Provider: "crm" } });

    await put(good);
    await world.redrive(await world.deadHooks());
    await world.settle();
    expect(world.delivered()).toMatchObject([{ turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] }]);
  });

  /** The first item whose sort key begins so. */
  async function itemOf(prefix: string): Promise<Item> {
    const found = (await allRows(world)).find(({ sk }) => String(sk).startsWith(prefix));
    if (!found) throw new Error(`no ${prefix}`);
    return found;
  }

  async function put(item: Item): Promise<void> {
    const { client, name } = world.operatorTable;
    await client.send(new PutCommand({ TableName: name, Item: item }));
  }
});
