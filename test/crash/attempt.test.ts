import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { DELAY_NOTICE } from "../../lib/message/awaitAttempt.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows } from "../harness/rows.ts";
import { everyCrash } from "./everyCrash.ts";

describe("the message function, killed before and after every call", () => {
  let harness: GatewayHarness;
  /** How often the agent was asked for each text. The first time it fails. */
  const asked = new Map<string, number>();
  beforeAll(async () => {
    harness = await startGatewayHarness();
    const agent = defineAdapter("agent", "starter", v.strictObject({}), () => ({
      reply: async ({ text }: AgentInput) => {
        asked.set(text, (asked.get(text) ?? 0) + 1);
        const waits = text.startsWith("patience") ? { retryAfter: 5 * 60_000 } : {};
        if (asked.get(text) === 1) throw new DeliveryError("throttled", "not yet", waits);
        return `answer to ${text}`;
      },
    }));
    harness.deploy({ agent: agent(), memory: {}, notices: { reset: false }, sessions: { default: { idle: "24h" } } });
  });
  afterAll(() => harness.stop());

  it.each([
    ["of an attempt that fails for now", "first", []],
    ["of the attempt after one that failed", "second", ["1s"]],
    [
      "of a receipt before the next attempt's time, in which the user is told that it takes longer",
      "patience",
      ["61s"],
    ],
  ])(
    "makes one turn and one answer, and tells the user once at the most: %s",
    async (_, scenario, pauses) => {
      const played = await everyCrash(harness, async (name, killed) => {
        const text = `${scenario} ${name}`;
        await harness.say(text, { conversation: text });
        for (const pause of pauses) {
          await harness.step.message();
          harness.advance(pause);
        }
        await killed(harness.step.message);
        for (let round = 0; round < 2; round++) await harness.recover();

        const texts = harness.replies.effects
          .filter(({ body }) => body.conversation === text)
          .map(({ body }) => body.text);
        expect(texts.filter((one) => one !== DELAY_NOTICE)).toEqual([`answer to ${text}`]);
        expect(texts.length, name).toBeLessThanOrEqual(2);
        const turns = (await allRows(harness)).filter((row) => row.kind === "turn" && row.text === text);
        expect(turns).toMatchObject([{ status: "done" }]);
        // One fails, one is killed, one answers.
        expect(asked.get(text), name).toBeLessThanOrEqual(3);
      });
      expect(played).toBeGreaterThanOrEqual(6);
    },
    120_000,
  );
});
