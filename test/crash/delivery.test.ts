import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { secret } from "../../lib/index.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
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
