import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AgentInput } from "../../lib/agents/Agent.ts";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { DeliveryError } from "../../lib/runtime/DeliveryError.ts";
import { DELAY_NOTICE } from "../../lib/session/awaitAttempt.ts";
import { allRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";
import { everyCrash } from "./everyCrash.ts";

describe("a crash before and after every call", () => {
  let world: World;
  /** How often the agent was asked for each text. The first time it fails. */
  const asked = new Map<string, number>();
  beforeAll(async () => {
    world = await startWorld();
    const agent = defineAdapter("agent", "starter", v.strictObject({}), () => ({
      reply: async ({ text }: AgentInput) => {
        asked.set(text, (asked.get(text) ?? 0) + 1);
        const waits = text.startsWith("patience") ? { retryAfter: 5 * 60_000 } : {};
        if (asked.get(text) === 1) throw new DeliveryError("throttled", "not yet", waits);
        return `answer to ${text}`;
      },
    }));
    world.deploy({ agent: agent(), memory: {}, notices: { reset: false }, sessions: { default: { idle: "24h" } } });
  });
  afterAll(() => world.stop());

  it.each([
    ["of an attempt that fails for now", "first", []],
    ["of the attempt after one that failed", "second", ["1s"]],
    [
      "of a receipt before the next attempt's time, in which the user is told that it takes longer",
      "patience",
      ["61s"],
    ],
  ])(
    "%s: the message has one turn and one answer, and its user is told once at the most",
    async (_, story, pauses) => {
      const played = await everyCrash(world, async (name, killed) => {
        const text = `${story} ${name}`;
        await world.say(text, { conversation: text });
        for (const pause of pauses) {
          await world.step.message();
          world.advance(pause);
        }
        await killed(world.step.message);
        for (let round = 0; round < 2; round++) await world.recover();

        const texts = world.replies.effects
          .filter(({ body }) => body.conversation === text)
          .map(({ body }) => body.text);
        expect(texts.filter((one) => one !== DELAY_NOTICE)).toEqual([`answer to ${text}`]);
        expect(texts.length, name).toBeLessThanOrEqual(2);
        const turns = (await allRows(world)).filter((row) => row.kind === "turn" && row.text === text);
        expect(turns).toMatchObject([{ status: "done" }]);
        // One fails, one is killed, one answers.
        expect(asked.get(text), name).toBeLessThanOrEqual(3);
      });
      expect(played).toBeGreaterThanOrEqual(6);
    },
    120_000,
  );
});
