import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { parseTemplate } from "../../local/template/Template.ts";
import { assumptions } from "../../verification/cost/assumptions.ts";
import { dollars, idle, perMillion } from "../../verification/cost/bill.ts";
import { counts, fixtures, type Work } from "../../verification/cost/counts.ts";
import { prices } from "../../verification/cost/prices.ts";
import { messagesOf, usage } from "../../verification/cost/usage.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { PROSE } from "../harness/prose.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { webhookTo } from "../harness/webhookTo.ts";

describe("the counts that the cost table is made of are what the handlers do", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
  });
  afterEach(() => harness.stop());

  it("counts the acceptance of a message, a turn of a running session, and the first of the next session", async () => {
    await harness.chat("hello");
    harness.advance("1m");
    expect(await work(() => harness.say("hello again"))).toEqual(counts.accept);
    expect(await work(harness.step.message)).toEqual(counts.turn);

    harness.advance("31m");
    await harness.sweep();
    await harness.settle();
    // Long enough that the message can't belong to the session before.
    harness.advance("2m");
    await harness.say("and again");
    expect(await work(harness.step.message)).toEqual(counts.firstTurn);
  });

  it("counts a turn of 3 KB of prose in the middle of a session of ten such turns", async () => {
    for (const part of [0, 1, 2, 3, 4]) await harness.chat(longText(part));
    harness.advance("1m");
    await harness.say(longText(5));
    expect(await work(harness.step.message)).toEqual(counts.longTurn);
  });

  it("counts the visits of a sweep, a sealing and a delivery", async () => {
    expect(await work(harness.sweep)).toEqual(counts.sweep);
    await harness.chat("hello");
    harness.advance("10m");
    await harness.chat("hello again");
    harness.advance("20m");
    expect(minus(await work(harness.sweep), counts.sweep)).toEqual(counts.goesOn);
    harness.advance("10m");
    expect(minus(await work(harness.sweep), counts.sweep)).toEqual(counts.expire);
    expect(await work(harness.step.stream)).toEqual(counts.seal);
    expect(await work(harness.step.sessionEnd)).toEqual(counts.deliver);
    expect(harness.delivered()).toHaveLength(1);
  });

  it("counts a purge, and what a further turn adds to it, short or long", async () => {
    const nothing = await work(harness.retention);
    const purge = async (...texts: readonly string[]) => {
      for (const text of texts) await harness.chat(text);
      await harness.chat("/reset");
      harness.advance("1h");
      await harness.sweep();
      await harness.settle();
      harness.advance("31d");
      return minus(await work(harness.retention), nothing);
    };
    // The session that the reset begins is purged too: it has no turn and so no hook, but the command.
    const one = await purge("one");
    const two = await purge("one", "two");
    const { written, read } = counts.purge;
    expect(one).toMatchObject({ written: 2 * written - 1, read: 2 * read });
    expect(minus(two, one)).toEqual(counts.purgeFurther);
    expect(minus(await purge("one", longText(0)), one)).toMatchObject({ written: counts.purgeLong.written });
  });

  /** What one invocation does. */
  function work(invoke: () => Promise<unknown>): Promise<Work> {
    return measure(harness, invoke);
  }
});

describe("a further provider", () => {
  let harness: GatewayHarness;
  let wiki: WebhookReceiver;
  beforeAll(async () => {
    [harness, wiki] = await Promise.all([startGatewayHarness(), startWebhookReceiver()]);
    harness.deploy({ memory: { crm: webhookTo(harness.provider), wiki: webhookTo(wiki) } });
  });
  afterAll(() => Promise.all([harness.stop(), wiki.close()]));

  it("adds a row to the sealing and a delivery like the first", async () => {
    await harness.chat("hello");
    harness.advance("30m");
    await harness.sweep();
    expect(minus(await measure(harness, harness.step.stream), counts.seal)).toEqual(counts.sealFurther);
    expect(await measure(harness, harness.step.sessionEnd)).toEqual(counts.deliver);
    expect(await measure(harness, harness.step.sessionEnd)).toEqual(counts.deliver);
  });
});

describe("the table of costs", () => {
  it("counts the alarms and dashboards of the template", () => {
    const types = Object.values(parseTemplate(JSON.parse(inject("template"))).Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === "AWS::CloudWatch::Alarm")).toHaveLength(fixtures.alarms);
    expect(types.filter((type) => type === "AWS::CloudWatch::Dashboard")).toHaveLength(fixtures.dashboards);
  });

  it("counts three units for a message: its claim, its turn, and later the turn's deletion", () => {
    const load = { sessions: 1, messages: 10, providers: 1 };
    expect(usage({ ...load, messages: 11 }).write - usage(load).write).toBeCloseTo(3);
  });

  it("counts a message by a function URL without the API's call and its line in the access log, and else the same", () => {
    const load = { sessions: 1, messages: 10, providers: 1 };
    const [api, url] = [usage(load), usage({ ...load, door: "function-url" })];
    const line = (10 * assumptions.accessLine) / 1e9;

    expect(url).toEqual({
      ...api,
      apiCall: 0,
      logGb: expect.closeTo(api.logGb - line, 12),
      logStorage: expect.closeTo(api.logStorage - line, 12),
    });
    expect(api.apiCall).toBe(10);
    const { apiCall, logGb, logStorage } = prices;
    const saved = 1e6 * apiCall.dollars + ((1e6 * assumptions.accessLine) / 1e9) * (logGb.dollars + logStorage.dollars);
    expect(perMillion.messages - perMillion.messagesByUrl).toBeCloseTo(saved);
  });

  it("counts 11 units for a session with one provider beside its messages, 1 for a notice in its first reply, 3 when it is purged", () => {
    const load = { sessions: 10, messages: 100, providers: 1 };
    expect(usage({ ...load, sessions: 11 }).write - usage(load).write).toBeCloseTo(15);
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

  it("counts a message for what falls due within five seconds: for few sessions one each, for many as many as there are spans", () => {
    expect(messagesOf(0)).toBe(0);
    expect(messagesOf(1_000)).toBeCloseTo(1_000, -1);
    expect(messagesOf(1e7)).toBeCloseTo(43_830 * 12, -1);
    expect(messagesOf(1e9)).toBe(1e7);
  });
});

/** Of 3 KB with the echo that answers it. */
function longText(part: number): string {
  return PROSE.slice(part * 1_500, (part + 1) * 1_500).trim();
}

async function measure(harness: GatewayHarness, invoke: () => Promise<unknown>): Promise<Work> {
  const [logged, measured, carried] = [harness.logged.length, harness.measured.length, harness.carried];
  harness.capacity.reset();
  await invoke();
  const { calls } = harness.gate;
  return {
    written: harness.capacity.written,
    read: harness.capacity.read,
    sent: calls.filter((name) => name.startsWith("SendMessage")).length,
    posted: calls.filter((name) => name.startsWith("POST ")).length,
    logged: harness.logged.length - logged,
    metrics: harness.measured.length - measured - (harness.carried - carried),
    carried: harness.carried - carried,
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
    carried: work.carried - other.carried,
  };
}
