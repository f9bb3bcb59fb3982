import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { worksLater } from "../harness/worksLater.ts";
import { everyCrash } from "./everyCrash.ts";

describe("the session-end function, killed before and after every call while a provider works on a session,", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
  });
  afterAll(() => harness.stop());

  /** Ends a session of one turn and lets it be sealed, but not delivered. */
  async function sealed(conversation: string): Promise<void> {
    await harness.chat("My name is Bo", { conversation, user: { id: conversation } });
    await harness.say("/reset", { conversation, user: { id: conversation } });
    await harness.step.message();
    await harness.step.stream();
  }

  const both = async () => {
    await harness.step.sessionEnd();
    await harness.step.sessionEnd();
  };

  it("has an accepted session delivered when its provider confirms, and never before, sent under one key", async () => {
    const later = worksLater();
    harness.deploy({ memory: { crm: later.adapter() } });
    const failed = { outcome: "failed", error: new DeliveryError("transient", "overloaded") } as const;
    const steps = [
      ["accepts it", { outcome: "working" }],
      ["still works on it", { outcome: "working" }],
      ["has stored it", { outcome: "stored", receipt: {} }],
      ["has failed at it", failed],
      ["can't be asked", new DeliveryError("transient", "down", { status: 503 })],
    ] as const;
    for (const [index, [title, fate]] of steps.entries()) {
      const played = await everyCrash(harness, async (name, killed) => {
        const before = { sent: later.sent.length, asked: later.asked.length };
        const conversation = `${index}-${name}`;
        const hook = async () =>
          (await hookRows(harness, "crm")).find((one) => one.conversation.includes(conversation));
        later.fate = { outcome: "working" };
        await sealed(conversation);
        if (index > 0) await both();
        harness.advance("10s");
        later.fate = fate;
        await killed(both);
        if (index !== 2) expect((await hook())?.status, conversation).toBe("pending");
        later.fate = { outcome: "stored", receipt: {} };
        for (let round = 0; round < 4; round++) {
          harness.advance("6m");
          await harness.sweep();
          await harness.settle();
        }
        expect(await hook(), conversation).toMatchObject({ status: "delivered" });
        expect(new Set(later.sent.slice(before.sent)).size, conversation).toBe(1);
        expect(later.sent.length - before.sent, conversation).toBeLessThanOrEqual(2);
        expect(later.asked.length, conversation).toBeGreaterThan(before.asked);
        expect(await harness.dlq(), conversation).toBe(0);
      });
      expect(played, title).toBeGreaterThanOrEqual(8);
    }
  }, 120_000);
});
