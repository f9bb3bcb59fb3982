import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SHARDS } from "../../lib/store/dueIndex.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { allRows } from "../harness/rows.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { webhookTo } from "../harness/webhookTo.ts";
import { worksLater } from "../harness/worksLater.ts";

describe("the table's count of capacity units, indexes included,", () => {
  let harness: GatewayHarness;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [harness, wiki] = await Promise.all([startGatewayHarness(), startWebhookReceiver()]);
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
  });
  afterEach(() => Promise.all([harness.stop(), wiki.close()]));

  it("is 2 written for a message of a running session, 3 without a time of its own, and 1 read beside the transcript", async () => {
    await harness.chat("hello");
    harness.advance("2m");
    harness.capacity.reset();
    await harness.chat("I would like to know more about that.");
    expect(harness.capacity).toMatchObject({ written: 2, read: 2 });

    harness.capacity.reset();
    await harness.chat("x".repeat(300), { sentAt: null });
    expect(harness.capacity).toMatchObject({ written: 3, read: 2 });
  });

  it("is what its bytes cost for a turn of more than 1 KB that can't be packed", async () => {
    await harness.chat("hello");
    harness.advance("2m");
    harness.capacity.reset();
    // Twice the text: the echo is part of the turn.
    await harness.chat(randomBytes(1_500).toString("base64"));
    expect(harness.capacity.written).toBe(1 + 4);
  });

  it("is what its packed words cost for a turn of 3 KB: 2 units instead of 4", async () => {
    await harness.chat("hello");
    harness.advance("2m");
    harness.capacity.reset();
    await harness.chat(PROSE.slice(0, 1_500));
    expect(harness.capacity.written).toBe(1 + 2);
    const packed = { v: 2, text: expect.any(Uint8Array), reply: expect.any(Uint8Array) };
    expect(await allRows(harness)).toContainEqual(expect.objectContaining(packed));

    await harness.chat("/reset");
    harness.advance("3s");
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ turns: 2 }]);
    expect(JSON.stringify(harness.provider.effects)).toContain(JSON.stringify(PROSE.slice(0, 1_500)).slice(1, -1));
  });

  it("is at most 11 for a session with one provider that goes on once, from start to delivered, beside its messages", async () => {
    await play();
    expect(harness.delivered()).toMatchObject([{ turns: 2 }]);
    expect(harness.capacity.written - 2 * 2).toBeLessThanOrEqual(11);
  });

  it("is at most 5 for each further provider", async () => {
    await play();
    const one = harness.capacity.written;
    harness.deploy({ memory: { crm: webhookTo(harness.provider), wiki: webhookTo(wiki) } });
    harness.capacity.reset();
    await play("bob");

    expect(wiki.effects).toHaveLength(1);
    expect(harness.capacity.written - one).toBeLessThanOrEqual(5);
  });

  it("is one read for its provider's breaker at a delivery, and nothing written while the provider is well", async () => {
    await harness.chat("hello");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    harness.capacity.reset();
    await harness.step.sessionEnd();
    expect(harness.delivered()).toHaveLength(1);
    expect(harness.gate.calls.filter((call) => call === "GetItemCommand")).toHaveLength(2);
    // The session, its transcript, and the breaker; the lease, and the delivery with its index.
    expect(harness.capacity).toMatchObject({ read: 3, written: 3 });
  });

  it("is 4 written for each question to a provider that has only accepted and still works on it, and 3 for the last", async () => {
    const later = worksLater();
    harness.deploy({ memory: { crm: later.adapter() } });
    await harness.chat("hello");
    await harness.chat("/reset");
    expect(later.sent).toHaveLength(1);
    for (const [fate, written] of [
      [{ outcome: "working" }, 4],
      [{ outcome: "stored", receipt: {} }, 3],
    ] as const) {
      later.fate = fate;
      harness.advance("10s");
      harness.capacity.reset();
      await harness.step.sessionEnd();
      // The breaker alone: what was said is not read again. A hook that is asked for again moves in the index.
      expect(harness.capacity).toMatchObject({ read: 1, written });
    }
    expect(later.asked).toHaveLength(2);
  });

  it("is one query a shard for a sweep that finds nothing, however many sessions are open", async () => {
    for (const conversation of ["ann", "bob", "cat"]) await harness.chat("hello", { conversation });
    harness.capacity.reset();

    await harness.sweep();

    expect(harness.gate.calls).toEqual(Array(SHARDS).fill("QueryCommand"));
    expect(harness.capacity).toMatchObject({ written: 0, read: SHARDS / 2 });
  });

  it("is one query a shard for all sweeps together that share what is due, and each is measured", async () => {
    const calls: string[] = [];
    for (let part = 0; part < 4; part++) {
      await harness.sweepPart(part, 4);
      calls.push(...harness.gate.calls);
    }
    expect(calls).toEqual(Array(SHARDS).fill("QueryCommand"));
    expect(harness.measured).toEqual(
      ["0", "1", "2", "3"].map((Part) => ({ name: "SweepDone", value: 1, unit: "Count", by: { Part } })),
    );
  });

  /** A message, a second one that moves the end, the sweep that finds it going on, the one that ends, and the delivery. */
  async function play(conversation = "ann"): Promise<void> {
    const pass = async (duration: string) => {
      harness.advance(duration);
      await harness.sweep();
      await harness.settle();
    };
    harness.capacity.reset();
    await harness.chat("hello", { conversation });
    harness.advance("10m");
    await harness.chat("hello again", { conversation });
    await pass("20m");
    await pass("10m");
  }
});
