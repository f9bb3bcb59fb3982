import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { worksLater } from "../harness/worksLater.ts";
import { everyCrash } from "./everyCrash.ts";

describe("the session-end function, killed before and after every call,", () => {
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

  /** What the provider has of a conversation: every call, and those with an id of their own. */
  function calls(conversation: string) {
    const mine = harness.provider.received.filter(({ body }) => body.data.users[0].id === conversation);
    return {
      all: mine.length,
      ids: new Set(mine.map(({ id }) => id)).size,
      turns: mine.map(({ body }) => body.data.turns),
    };
  }

  const both = async () => {
    await harness.step.sessionEnd();
    await harness.step.sessionEnd();
  };

  it("L7 L12 D4 B5 has one effect at the provider, however often a delivery is begun", async () => {
    const played = await everyCrash(harness, async (name, killed) => {
      await sealed(name);
      await killed(both);
      await harness.recover();
      const { all, ids, turns } = calls(name);
      expect(ids, name).toBe(1);
      // Twice only when the worker died between the provider's acknowledgement and its note.
      expect(all, name).toBeLessThanOrEqual(2);
      expect(new Set(turns), name).toEqual(new Set([1]));
    });
    expect(played).toBeGreaterThanOrEqual(12);
    expect(harness.provider.conflicts).toEqual([]);
  });

  it("L10 L17 loses no failed attempt, and puts a dead hook on the dead-letter queue", async () => {
    const played = await everyCrash(harness, async (name, killed) => {
      const conversation = `failing ${name}`;
      await sealed(conversation);
      harness.provider.setMode(503);
      await killed(both);
      await harness.recover();
      harness.provider.setMode("ok");
      for (let round = 0; round < 6; round++) {
        harness.advance("5m");
        await harness.sweep();
        await harness.settle();
      }
      expect(calls(conversation), name).toEqual({ all: 1, ids: 1, turns: [1] });
    });
    expect(played).toBeGreaterThanOrEqual(12);
  });

  it("L10 ends a hook that no retry can mend dead, visible and redrivable", async () => {
    const played = await everyCrash(harness, async (name, killed) => {
      const conversation = `refused ${name}`;
      await sealed(conversation);
      harness.provider.setMode(401);
      await killed(both);
      for (let round = 0; round < 4; round++) {
        harness.advance("10m");
        await harness.sweep();
        await harness.recover();
      }
      harness.provider.setMode("ok");
      expect(calls(conversation).all, name).toBe(0);
      const dead = await harness.deadHooks();
      expect(dead.length, name).toBe(1);
      expect(await harness.redrive(dead), name).toBe(1);
      await harness.recover();
      expect(calls(conversation), name).toEqual({ all: 1, ids: 1, turns: [1] });
      expect(await harness.dlq(), name).toBe(0);
    });
    expect(played).toBeGreaterThanOrEqual(12);
  });

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
        for (let round = 0; round < 3; round++) {
          harness.advance("6m");
          await harness.sweep();
          await harness.recover();
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

  it("has each part's effect once in a delivery in parts, and the parts are the whole", async () => {
    const crm = webhook({ url: harness.provider.url, secret: secret("CRM_SECRET"), maxBytes: "8KB" });
    harness.deploy({ memory: { crm } });
    const text = "x".repeat(9_000);
    const played = await everyCrash(harness, async (name, killed) => {
      const conversation = `large ${name}`;
      await harness.chat(text, { conversation });
      await harness.say("/reset", { conversation });
      await harness.step.message();
      await harness.step.stream();
      await killed(both);
      await harness.recover();
      const parts = harness.provider.effects
        .map(({ body }) => body.data)
        .filter(({ chat }) => chat.id === conversation)
        .toSorted((a, b) => a.part.number - b.part.number);
      expect(
        parts.map(({ part }) => part),
        name,
      ).toEqual([1, 2, 3, 4].map((number) => ({ number, of: 4 })));
      const words = parts.flatMap(({ messages }) => messages).map(({ content }) => content);
      expect(words.join(""), name).toBe(`${text}You said: ${text}`);
    });
    expect(played).toBeGreaterThanOrEqual(20);
    expect(harness.provider.conflicts).toEqual([]);
  });
});
