import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SHARDS } from "../../lib/runtime/byState.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../fakes/webhookReceiver.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("capacity units, as the table reports them, indexes included", () => {
  let world: World;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [world, wiki] = await Promise.all([startWorld(), startWebhookReceiver()]);
    world.deploy({ memory: { crm: webhookTo(world.provider) } });
  });
  afterEach(() => Promise.all([world.stop(), wiki.close()]));

  it("a message of a running session: 2 written, 3 without a time of its own; 1 read beside the transcript", async () => {
    await world.chat("hello");
    world.advance("2m");
    world.units.reset();
    await world.chat("I would like to know more about that.");
    expect(world.units).toMatchObject({ written: 2, read: 2 });

    world.units.reset();
    await world.chat("x".repeat(300), { sentAt: null });
    expect(world.units).toMatchObject({ written: 3, read: 2 });
  });

  it("a turn of more than 1 KB costs what its bytes cost", async () => {
    await world.chat("hello");
    world.advance("2m");
    world.units.reset();
    // Twice the text: the echo is part of the turn.
    await world.chat("x".repeat(2_000));
    expect(world.units.written).toBe(1 + 5);
  });

  it("a session with one provider, re-armed once: at most 15 from start to delivered beside its messages", async () => {
    await play();
    expect(world.delivered()).toMatchObject([{ turns: 2 }]);
    expect(world.units.written - 2 * 2).toBeLessThanOrEqual(15);
  });

  it("each further provider: at most 5", async () => {
    await play();
    const one = world.units.written;
    world.deploy({ memory: { crm: webhookTo(world.provider), wiki: webhookTo(wiki) } });
    world.units.reset();
    await play("bob");

    expect(wiki.effects).toHaveLength(1);
    expect(world.units.written - one).toBeLessThanOrEqual(5);
  });

  it("a delivery reads its provider's breaker, one unit, and writes nothing of it while the provider is well", async () => {
    await world.chat("hello");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    world.units.reset();
    await world.step.sessionEnd();
    expect(world.delivered()).toHaveLength(1);
    expect(world.outside.calls.filter((call) => call === "GetItemCommand")).toHaveLength(2);
    // The session, its transcript, and the breaker; the lease, and the delivery with its index.
    expect(world.units).toMatchObject({ read: 3, written: 3 });
  });

  it("a sweep that finds nothing: one query a shard, however many sessions are open", async () => {
    for (const conversation of ["ann", "bob", "cat"]) await world.chat("hello", { conversation });
    world.units.reset();

    await world.sweep();

    expect(world.outside.calls).toEqual(Array(SHARDS).fill("QueryCommand"));
    expect(world.units).toMatchObject({ written: 0, read: SHARDS / 2 });
  });

  it("sweeps that share what is due: one query a shard, all together; each is measured", async () => {
    const calls: string[] = [];
    for (let part = 0; part < 4; part++) {
      await world.sweepPart(part, 4);
      calls.push(...world.outside.calls);
    }
    expect(calls).toEqual(Array(SHARDS).fill("QueryCommand"));
    expect(world.measured).toEqual(
      ["0", "1", "2", "3"].map((Part) => ({ name: "SweepDone", value: 1, unit: "Count", by: { Part } })),
    );
  });

  /** A message, a second one that moves the end, the sweep that re-arms, the one that ends, and the delivery. */
  async function play(conversation = "ann"): Promise<void> {
    const pass = async (duration: string) => {
      world.advance(duration);
      await world.sweep();
      await world.settle();
    };
    world.units.reset();
    await world.chat("hello", { conversation });
    world.advance("10m");
    await world.chat("hello again", { conversation });
    await pass("20m");
    await pass("10m");
  }
});
