import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { conversationItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("the stream", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L12 passes a reset on with its reason after the table refused calls for an hour, however often it was tried", async () => {
    await harness.chat("hello");
    await harness.say("/reset");
    await harness.step.message();
    harness.gate.fail("GetItemCommand", 60);
    for (let attempt = 0; attempt < 60; attempt++) {
      expect(await harness.step.stream()).toBe(false);
      harness.advance("1m");
    }

    expect(await harness.step.stream()).toBe(true);
    await harness.settle();

    expect(await sessionRows(harness)).toMatchObject([{ status: "ended", reason: "reset" }, { status: "open" }]);
    expect(harness.delivered()).toMatchObject([{ reason: "reset", turns: 1 }]);
  });

  it("sets a record aside after four minutes that nobody can read, seals what is behind it, and the sweep mends it", async () => {
    await harness.chat("hello", { conversation: "bad" });
    await harness.chat("hello", { conversation: "good" });
    await spoil("bad");
    harness.goTo("2026-03-02T10:30:01Z");
    await harness.sweep();

    expect(await harness.step.stream()).toBe(false);
    expect(await reasons()).toEqual({ bad: undefined, good: "idle" });
    harness.goTo("2026-03-02T10:34:00Z");
    expect(await harness.step.stream()).toBe(false);
    harness.goTo("2026-03-02T10:34:03Z");
    expect(await harness.step.stream()).toBe(true);

    expect(harness.logged.at(-1)).toMatchObject({ event: "seal.setAside" });
    expect(await harness.step.stream()).toBe(false);
    await sweepAt(harness, "2026-03-02T10:35:00Z");
    await sweepAt(harness, "2026-03-02T10:41:00Z");
    expect(await reasons()).toEqual({ bad: "recovered", good: "idle" });
    expect(harness.delivered()).toHaveLength(2);
  });

  /** What only a conversation's item has is unreadable, from now on. */
  async function spoil(conversation: string): Promise<void> {
    const rows = await allRows(harness);
    const live = rows.find(({ pk, sk }) => sk === "LIVE" && String(pk).includes(conversation));
    const { client, name: TableName } = harness.operatorTable;
    const Key = { ...conversationItem(String(live?.pk).slice("CONV#".length)) };
    const spoiled = { UpdateExpression: "SET previous = :odd", ExpressionAttributeValues: { ":odd": "odd" } };
    await client.send(new UpdateCommand({ TableName, Key, ...spoiled }));
    // The sweep itself leaves alone what it can't read.
    harness.goTo("2026-03-02T10:30:01Z");
    await harness.ttl();
  }

  /** Why each session ended, by its conversation. */
  async function reasons(): Promise<Readonly<Record<string, string | undefined>>> {
    const rows = await sessionRows(harness);
    return Object.fromEntries(rows.map(({ chat, reason }) => [chat.id, reason]));
  }
});
