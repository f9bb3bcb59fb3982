import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../harness/webhookReceiver.ts";
import { webhookTo } from "../harness/webhookTo.ts";

describe("a deploy", () => {
  let harness: GatewayHarness;
  let wiki: WebhookReceiver;
  beforeEach(async () => {
    [harness, wiki] = await Promise.all([startGatewayHarness(), startWebhookReceiver()]);
  });
  afterEach(() => Promise.all([harness.stop(), wiki.close()]));

  it("D1 leads to no call at all after thirty delivered sessions", async () => {
    for (let number = 0; number < 30; number++) {
      await harness.say("hello", { conversation: `chat-${number}` });
      await harness.step.message();
    }
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(harness.delivered()).toHaveLength(30);
    const rows = await hookRows(harness);

    harness.deploy();
    for (const passes of ["1m", "1h", "1d", "1d"]) {
      harness.advance(passes);
      await harness.sweep();
      await harness.ttl();
      await harness.settle();
    }

    expect(harness.provider.requests).toHaveLength(30);
    expect(await hookRows(harness)).toEqual(rows);
  });

  it("D7 L26 changes nothing between every two steps: one session, one copy, on time", async () => {
    const deployed = async (step: () => Promise<unknown>) => {
      harness.deploy();
      await step();
    };
    await deployed(() => harness.say("one"));
    await deployed(harness.step.message);
    harness.advance("10m");
    await deployed(() => harness.say("two"));
    await deployed(harness.step.message);
    expect(harness.delivered()).toEqual([]);
    harness.goTo("2026-03-02T10:40:00Z");
    await deployed(harness.sweep);
    await deployed(harness.step.stream);
    await deployed(harness.step.sessionEnd);
    await deployed(harness.step.sessionEnd);
    await deployed(harness.settle);

    expect(harness.provider.received).toHaveLength(1);
    expect(harness.delivered()).toMatchObject([
      { reason: "idle", turns: 2, startedAt: "2026-03-02T10:00:00.000Z", endedAt: "2026-03-02T10:40:00.000Z" },
    ]);
  });

  it("L7 L12 shows the hooks of a provider as dead that is taken out of the config, and delivers them when it is back", async () => {
    await harness.chat("hello");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    harness.deploy({ memory: { builtin: builtin() } });
    // Its queue is deleted with the job, which the sweep finds.
    await sweepAt(harness, "2026-03-02T10:05:00Z");

    expect(await hookRows(harness)).toMatchObject([
      { provider: "builtin", status: "delivered" },
      { provider: "crm", status: "dead", failures: [{ message: expect.stringContaining("not in the config") }] },
    ]);
    expect(await harness.dlq()).toBe(1);

    harness.deploy();
    expect(await harness.redrive(await harness.deadHooks())).toBe(1);
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ turns: 1, reason: "reset" }]);
  });

  it("D1 gives a new provider the sessions that end from now on, and none of before", async () => {
    await harness.chat("before");
    await harness.chat("/reset");
    harness.deploy({ memory: { crm: webhookTo(harness.provider), wiki: webhookTo(wiki) } });
    await sweepAt(harness, "2026-03-02T10:10:00Z");
    await harness.stream.repeat();
    await harness.settle();
    expect(wiki.requests).toEqual([]);
    expect(await hookRows(harness, "wiki")).toEqual([]);

    await harness.chat("after");
    await harness.chat("/reset");

    expect(wiki.effects.map(({ body }) => body.data.messages[0].content)).toEqual(["after"]);
    expect(harness.delivered()).toHaveLength(2);
    expect(await sessionRows(harness)).toHaveLength(3);
  });
});
