import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sweepAt } from "../harness/sweepAt.ts";

describe("a session at its maximum age", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ sessions: { default: { maxAge: "2h", idle: "30m" } } });
  });
  afterEach(() => harness.stop());

  it("P1 ends however lively it is, and the user is told the true reason", async () => {
    for (let minutes = 0; minutes < 120; minutes += 20) {
      await harness.chat(`after ${minutes} minutes`);
      harness.advance("20m");
    }
    await sweepAt(harness, "2026-03-02T11:59:30Z");

    expect(harness.delivered()).toMatchObject([{ reason: "max-age", turns: 6, endedAt: "2026-03-02T12:00:00.000Z" }]);
    expect((await harness.chat("and on"))[0]).toContain("its longest duration");
  });

  it("P1 ends in a chat that never pauses for a minute, too", async () => {
    harness.deploy({ sessions: { default: { maxAge: "5m" } } });
    for (let message = 0; message < 15; message++) {
      await harness.chat(`message ${message}`);
      harness.advance("30s");
    }
    await harness.settle();

    expect(harness.delivered()).toMatchObject([{ reason: "max-age", turns: 10 }]);
  });
});
