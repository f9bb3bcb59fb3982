import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { parseTemplate } from "../../local/template/Template.ts";
import { dollars, idle, perMillion } from "../../scripts/cost/bill.ts";
import { counts, fixtures, type Work } from "../../scripts/cost/counts.ts";
import { prices } from "../../scripts/cost/prices.ts";
import { usage, waiting } from "../../scripts/cost/usage.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../fakes/webhookReceiver.ts";
import { startWorld, type World } from "../world/World.ts";
import { webhookTo } from "../world/webhookTo.ts";

describe("the counts that the cost table is made of are what the handlers do", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ memory: { crm: webhookTo(world.provider) } });
  });
  afterEach(() => world.stop());

  it("accepting a message, a turn of a running session, the first of the next session", async () => {
    await world.chat("hello");
    world.advance("1m");
    expect(await work(() => world.say("hello again"))).toEqual(counts.accept);
    expect(await work(world.step.message)).toEqual(counts.turn);

    world.advance("31m");
    await world.sweep();
    await world.settle();
    // Long enough that the message can't belong to the session before.
    world.advance("2m");
    await world.say("and again");
    expect(await work(world.step.message)).toEqual(counts.firstTurn);
  });

  it("the visits of a sweep, a sealing and a delivery", async () => {
    expect(await work(world.sweep)).toEqual(counts.sweep);
    await world.chat("hello");
    world.advance("10m");
    await world.chat("hello again");
    world.advance("20m");
    expect(minus(await work(world.sweep), counts.sweep)).toEqual(counts.rearm);
    world.advance("10m");
    expect(minus(await work(world.sweep), counts.sweep)).toEqual(counts.expire);
    expect(await work(world.step.stream)).toEqual(counts.seal);
    expect(await work(world.step.sessionEnd)).toEqual(counts.deliver);
    expect(world.delivered()).toHaveLength(1);
  });

  it("a purge, and what a further turn adds to it", async () => {
    const nothing = await work(world.retention);
    const purge = async (...texts: readonly string[]) => {
      for (const text of texts) await world.chat(text);
      await world.chat("/reset");
      world.advance("1h");
      await world.sweep();
      await world.settle();
      world.advance("31d");
      return minus(await work(world.retention), nothing);
    };
    // The session that the reset begins is purged too: it has no turn and so no hook, but the command.
    const one = await purge("one");
    const two = await purge("one", "two");
    const { written, read } = counts.purge;
    expect(one).toMatchObject({ written: 2 * written - 1, read: 2 * read });
    expect(minus(two, one)).toEqual(counts.purgeFurther);
  });

  /** What one invocation does. */
  function work(invoke: () => Promise<unknown>): Promise<Work> {
    return measure(world, invoke);
  }
});

describe("a further provider", () => {
  let world: World;
  let wiki: WebhookReceiver;
  beforeAll(async () => {
    [world, wiki] = await Promise.all([startWorld(), startWebhookReceiver()]);
    world.deploy({ memory: { crm: webhookTo(world.provider), wiki: webhookTo(wiki) } });
  });
  afterAll(() => Promise.all([world.stop(), wiki.close()]));

  it("adds a row to the sealing and a delivery like the first", async () => {
    await world.chat("hello");
    world.advance("30m");
    await world.sweep();
    expect(minus(await measure(world, world.step.stream), counts.seal)).toEqual(counts.sealFurther);
    expect(await measure(world, world.step.sessionEnd)).toEqual(counts.deliver);
    expect(await measure(world, world.step.sessionEnd)).toEqual(counts.deliver);
  });
});

describe("the table", () => {
  it("counts the alarms and dashboards of the template", () => {
    const types = Object.values(parseTemplate(JSON.parse(inject("template"))).Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === "AWS::CloudWatch::Alarm")).toHaveLength(fixtures.alarms);
    expect(types.filter((type) => type === "AWS::CloudWatch::Dashboard")).toHaveLength(fixtures.dashboards);
  });

  it("a message writes its claim and its turn, and later deletes the turn: three units", () => {
    const load = { sessions: 1, messages: 10, providers: 1 };
    expect(usage({ ...load, messages: 11 }).write - usage(load).write).toBeCloseTo(3);
  });

  it("a session with one provider writes 14 units beside its messages, 1 for a notice in its first reply, 3 when it is purged", () => {
    const load = { sessions: 10, messages: 100, providers: 1 };
    expect(usage({ ...load, sessions: 11 }).write - usage(load).write).toBeCloseTo(18);
    expect(usage({ ...load, providers: 2 }).write - usage(load).write).toBeCloseTo(10 * 6);
  });

  it("grows with everything, and is made of every price", () => {
    const load = { sessions: 1e5, messages: 1e6, providers: 1 };
    for (const more of [{ sessions: 2e5 }, { messages: 2e6 }, { providers: 2 }]) {
      expect(dollars({ ...load, ...more })).toBeGreaterThan(dollars(load));
    }
    expect(Object.keys(usage(load)).sort()).toEqual(Object.keys(prices).sort());
    expect(idle).toBeLessThan(10);
    expect(perMillion.sessions).toBeGreaterThan(perMillion.providers);
  });

  it("a sweep waits for half its minute when one session is due in it, and for all of it when many are", () => {
    expect(waiting(0)).toBe(0);
    expect(waiting(43_830 * 1e4) / 43_830).toBeCloseTo(60, 1);
    // Few: a visit waits for 30 s in the mean.
    expect(waiting(1)).toBeCloseTo(30, 0);
  });
});

async function measure(world: World, invoke: () => Promise<unknown>): Promise<Work> {
  const [logged, metrics] = [world.logged.length, world.measured.length];
  world.units.reset();
  await invoke();
  const { calls } = world.outside;
  return {
    written: world.units.written,
    read: world.units.read,
    sent: calls.filter((name) => name.startsWith("SendMessage")).length,
    posted: calls.filter((name) => name.startsWith("POST ")).length,
    logged: world.logged.length - logged,
    metrics: world.measured.length - metrics,
  };
}

function minus(work: Work, other: Work): Work {
  return {
    written: work.written - other.written,
    read: work.read - other.read,
    sent: work.sent - other.sent,
    posted: work.posted - other.posted,
    logged: work.logged - other.logged,
    metrics: work.metrics - other.metrics,
  };
}
