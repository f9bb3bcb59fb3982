import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, queueDepth } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";

type Item = Readonly<Record<string, unknown>>;

/** Further than the longest wait of a job that failed, and than a lease. */
const NEXT_TRY = "65s";

describe("a corrupt item of the table", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
  });
  afterEach(() => harness.stop());

  it("T15 is not written over when it is a conversation: its messages wait where an alarm looks, and go on when it is restored", async () => {
    harness.deploy({ memory: { crm: webhookTo(harness.provider) }, sessions: { default: { idle: "24h" } } });
    await harness.chat("one");
    const good = await itemOf("LIVE");
    await put({ ...good, session: 7, lease: "?" });
    const before = await allRows(harness);
    await harness.say("two");
    for (let receipts = 0; receipts < wiring.inbound.maxReceiveCount; receipts++) {
      await harness.settle();
      harness.advance(NEXT_TRY);
    }
    await harness.settle();

    expect(await queueDepth(harness, harness.wiring.queues.inboundDead)).toBe(1);
    expect(await allRows(harness)).toEqual(before);

    // What point-in-time recovery has of it.
    await put(good);
    await harness.chat("three");
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, {}, { content: "three" }, {}] },
    ]);
  }, 60_000);

  it("T15 keeps its session from being delivered without it when it is a turn, but dead and visible, and whole when it is restored", async () => {
    harness.deploy({ memory: { crm: webhookTo(harness.provider) }, hooks: { retry: ["1s", "2s"] } });
    await harness.chat("one");
    await harness.chat("two");
    const good = await itemOf("TURN#");
    await put({ ...good, text: 7, status: "?" });
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    for (let attempts = 0; attempts < 6; attempts++) {
      harness.advance(NEXT_TRY);
      await harness.settle();
    }

    expect(harness.provider.requests).toEqual([]);
    expect(await harness.deadHooks()).toHaveLength(1);
    expect(await harness.dlq()).toBe(1);
    expect(harness.measured).toContainEqual({ name: "HookDead", value: 1, unit: "Count", by: { Provider: "crm" } });

    await put(good);
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(harness.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] },
    ]);
  });

  /** The first item whose sort key begins so. */
  async function itemOf(prefix: string): Promise<Item> {
    const found = (await allRows(harness)).find(({ sk }) => String(sk).startsWith(prefix));
    if (!found) throw new Error(`no ${prefix}`);
    return found;
  }

  async function put(item: Item): Promise<void> {
    const { client, name } = harness.operatorTable;
    await client.send(new PutCommand({ TableName: name, Item: item }));
  }
});
