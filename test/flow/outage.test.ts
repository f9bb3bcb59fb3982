import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtin } from "../../lib/index.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../fakes/webhookReceiver.ts";
import { hookRows, queueDepth } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("a provider is away for two hours", () => {
  let world: World;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [world, wiki] = await Promise.all([startWorld(), startWebhookReceiver()]);
    world.deploy({ memory: { crm: webhookTo(world.provider), wiki: webhookTo(wiki), builtin: builtin() } });
  });
  afterEach(() => Promise.all([world.stop(), wiki.close()]));

  it("L16 L19 L25 B7 nothing is lost, every session is whole and in order, and no other provider waits", async () => {
    world.provider.setMode(503);
    for (const topic of ["one", "two", "three", "four"]) {
      expect(await world.chat(`about ${topic}`)).not.toEqual([]);
      await world.chat(`more about ${topic}`);
      await world.chat("/reset");
      await minutes(30);
    }
    expect(world.delivered()).toEqual([]);
    expect(wiki.effects).toHaveLength(4);
    expect(await hookRows(world, "builtin")).toMatchObject(Array(4).fill({ status: "delivered", attempts: 1 }));
    expect(await hookRows(world, "crm")).toMatchObject(Array(4).fill({ status: "pending" }));

    world.provider.setMode("ok");
    await minutes(120);

    const byTime = world.delivered().toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
    expect(byTime.map(({ messages }) => messages.map(({ content }: { content: string }) => content))).toEqual(
      ["one", "two", "three", "four"].map((topic) => [
        `about ${topic}`,
        expect.stringMatching(`You said: about ${topic}`),
        `more about ${topic}`,
        expect.stringMatching(`You said: more about ${topic}`),
      ]),
    );
    expect(byTime).toEqual(wiki.effects.map(({ body }) => body.data));
    expect(world.provider.received).toHaveLength(4);
    expect(await queueDepth(world, world.wiring.queues.sessionEnd.crm)).toBe(0);
  });

  it("L7 L17 a later session's success says nothing of an earlier one's failure", async () => {
    world.provider.failNext(1, 500);
    await world.chat("one");
    world.advance("1s");
    await world.chat("/reset");
    await world.chat("two");
    await world.chat("/reset");

    expect(await hookRows(world, "crm")).toMatchObject([
      { status: "pending", attempts: 1, failures: [{ kind: "transient", status: 500 }] },
      { status: "delivered", attempts: 1, failures: [], receipt: { status: 200 } },
    ]);

    world.advance("10s");
    await world.settle();
    expect(world.delivered()).toMatchObject([
      { messages: [{ content: "two" }, {}] },
      { messages: [{ content: "one" }, {}] },
    ]);
  });

  it("waits as long as the provider asks", async () => {
    world.provider.failNext(1, 429, { "retry-after": "300" });
    await world.chat("one");
    await world.chat("/reset");

    world.advance("299s");
    await world.settle();
    expect(world.delivered()).toEqual([]);
    world.advance("2s");
    await world.settle();
    expect(world.delivered()).toHaveLength(1);
  });

  it("B1 B2 B3 B8 while a provider hangs, replies and /new wait for nobody; its own time limit ends the call", async () => {
    world.deploy({ memory: { crm: webhookTo(world.provider) }, hooks: { timeout: "150ms" } });
    world.provider.setMode("hang");
    await world.chat("one");

    const begun = performance.now();
    await world.say("/new");
    await world.step.message();
    expect(performance.now() - begun).toBeLessThan(1_000);
    expect(world.replies.effects.at(-1)?.body.text).toContain("Done");
    expect(world.outside.calls.filter((call) => call.startsWith("POST"))).toHaveLength(1);
    expect(world.provider.requests).toEqual([]);

    await world.settle();
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "pending", failures: [{ kind: "timeout" }] }]);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(await world.chat("two")).toEqual(["You said: two"]);
  });

  /** Lets time pass as it does: the minute's sweep, and whatever becomes visible. */
  async function minutes(count: number): Promise<void> {
    for (let passed = 0; passed < count; passed += 10) {
      world.advance("10m");
      await world.sweep();
      await world.settle();
    }
  }
});
