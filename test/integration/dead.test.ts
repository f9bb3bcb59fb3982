import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, queueDepth } from "../harness/rows.ts";

describe("a hook that can't be delivered", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("L7 P12 is dead at once with wrong credentials, visible with the reason, and on the dead-letter queue", async () => {
    harness.provider.setMode(401);
    await endOne();

    expect(await hookRows(harness)).toMatchObject([
      { provider: "builtin", status: "delivered" },
      { provider: "crm", status: "dead", attempts: 1, failures: [{ kind: "auth", status: 401 }] },
    ]);
    expect(await harness.dlq()).toBe(1);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEnd.crm)).toBe(0);
    expect(harness.logged.map(({ event }) => event)).toContain("hook.dead");
    harness.advance("7d");
    await harness.sweep();
    await harness.settle();
    expect(harness.provider.requests).toHaveLength(1);
  });

  it("L10 ends on the dead-letter queue when its schedule is used up, never in silence", async () => {
    harness.deploy({ hooks: { retry: ["10s", "1m"] } });
    harness.provider.setMode(503);
    await endOne();
    for (let second = 0; second < 80; second += 10) {
      harness.advance("10s");
      await harness.settle();
    }

    expect(await hookRows(harness, "crm")).toMatchObject([
      { status: "dead", attempts: 3, failures: [{ status: 503 }, { status: 503 }, { status: 503 }] },
    ]);
    expect(harness.provider.requests).toHaveLength(3);
    expect(await harness.dlq()).toBe(1);
  });

  it("L10 outlives by the default schedule a provider that is away for a day", async () => {
    harness.provider.setMode(503);
    await endOne();
    for (let hour = 0; hour < 25; hour++) {
      harness.advance("1h");
      await harness.sweep();
      await harness.settle();
    }
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "pending" }]);

    harness.provider.setMode("ok");
    for (let hour = 0; hour < 12; hour++) {
      harness.advance("1h");
      await harness.sweep();
      await harness.settle();
    }
    expect(harness.delivered()).toHaveLength(1);
    expect(harness.provider.received).toHaveLength(1);
  });

  it("L12 D8 is revived by one of two operators who redrive it at once, is delivered once, and leaves no DLQ message", async () => {
    harness.provider.setMode(401);
    await endOne();
    await endOne("bob");
    harness.provider.setMode("ok");
    const [dead, other] = await hookRows(harness, "crm");
    if (!dead || !other) throw new Error("two hooks should be dead");

    const revived = await Promise.all([harness.redrive([dead]), harness.redrive([dead]), harness.redrive([dead])]);
    await harness.settle();

    expect(revived.toSorted()).toEqual([0, 0, 1]);
    expect(harness.delivered()).toMatchObject([{ session: dead.session }]);
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "delivered", redrives: 1 }, { status: "dead" }]);
    expect(await harness.dlq()).toBe(1);

    expect(await harness.redrive([dead, other])).toBe(1);
    await harness.settle();
    expect(harness.delivered().map(({ session }) => session)).toEqual([dead.session, other.session]);
    expect(harness.provider.received).toHaveLength(2);
    expect(await harness.dlq()).toBe(0);
  });

  it("dies anew when it is redriven into the same fault, and can be redriven again", async () => {
    harness.provider.setMode(401);
    await endOne();
    harness.advance("1h");
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(await hookRows(harness, "crm")).toMatchObject([{ status: "dead", redrives: 1, failures: [{}, {}] }]);
    expect(await harness.dlq()).toBe(1);

    harness.provider.setMode("ok");
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);
    expect(await harness.dlq()).toBe(0);
  });

  async function endOne(conversation = "ann"): Promise<void> {
    await harness.chat("hello", { conversation });
    await harness.chat("/reset", { conversation });
    harness.advance("1s");
  }
});
