import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtin } from "../../lib/index.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../fakes/webhookReceiver.ts";
import { hookRows, sessionRows } from "../world/rows.ts";
import { sweepAt } from "../world/sweepAt.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("a deploy is not a boundary", () => {
  let world: World;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [world, wiki] = await Promise.all([startWorld(), startWebhookReceiver()]);
  });
  afterEach(() => Promise.all([world.stop(), wiki.close()]));

  it("D1 after thirty delivered sessions it leads to no call at all", async () => {
    for (let number = 0; number < 30; number++) {
      await world.say("hello", { conversation: `chat-${number}` });
      await world.step.message();
    }
    await sweepAt(world, "2026-03-02T10:30:00Z");
    expect(world.delivered()).toHaveLength(30);
    const rows = await hookRows(world);

    world.deploy();
    for (const passes of ["1m", "1h", "1d", "1d"]) {
      world.advance(passes);
      await world.sweep();
      await world.ttl();
      await world.settle();
    }

    expect(world.provider.requests).toHaveLength(30);
    expect(await hookRows(world)).toEqual(rows);
  });

  it("D7 L26 one between every two steps changes nothing: one session, one copy, on time", async () => {
    const deployed = async (step: () => Promise<unknown>) => {
      world.deploy();
      await step();
    };
    await deployed(() => world.say("one"));
    await deployed(world.step.message);
    world.advance("10m");
    await deployed(() => world.say("two"));
    await deployed(world.step.message);
    expect(world.delivered()).toEqual([]);
    world.goTo("2026-03-02T10:40:00Z");
    await deployed(world.sweep);
    await deployed(world.step.stream);
    await deployed(world.step.sessionEnd);
    await deployed(world.step.sessionEnd);
    await deployed(world.settle);

    expect(world.provider.received).toHaveLength(1);
    expect(world.delivered()).toMatchObject([
      { reason: "idle", turns: 2, startedAt: "2026-03-02T10:00:00.000Z", endedAt: "2026-03-02T10:40:00.000Z" },
    ]);
  });

  it("L7 L12 a provider that is taken out of the config before its delivery is shown as dead, and gets it when it is back", async () => {
    await world.chat("hello");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    world.deploy({ memory: { builtin: builtin() } });
    // Its queue is deleted with the job, which the sweep finds.
    await sweepAt(world, "2026-03-02T10:05:00Z");

    expect(await hookRows(world)).toMatchObject([
      { provider: "builtin", status: "delivered" },
      { provider: "crm", status: "dead", failures: [{ message: expect.stringContaining("not in the config") }] },
    ]);
    expect(await world.deadLetters()).toBe(1);

    world.deploy();
    expect(await world.redrive(await world.deadHooks())).toBe(1);
    await world.settle();
    expect(world.delivered()).toMatchObject([{ turns: 1, reason: "reset" }]);
  });

  it("D1 a provider that is new gets the sessions that end from now on, and none of before", async () => {
    await world.chat("before");
    await world.chat("/reset");
    world.deploy({ memory: { crm: webhookTo(world.provider), wiki: webhookTo(wiki) } });
    await sweepAt(world, "2026-03-02T10:10:00Z");
    await world.stream.repeat();
    await world.settle();
    expect(wiki.requests).toEqual([]);
    expect(await hookRows(world, "wiki")).toEqual([]);

    await world.chat("after");
    await world.chat("/reset");

    expect(wiki.effects.map(({ body }) => body.data.messages[0].content)).toEqual(["after"]);
    expect(world.delivered()).toHaveLength(2);
    expect(await sessionRows(world)).toHaveLength(3);
  });
});
