import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

describe("the agent's history", () => {
  let harness: GatewayHarness;
  let asked: AgentInput[];
  let answer: (input: AgentInput) => string | undefined;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    asked = [];
    const agent = defineAdapter("agent", "strict", v.strictObject({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        const roles = [...input.history.map(({ role }) => role), "user"];
        if (roles.some((role, index) => role !== (index % 2 === 0 ? "user" : "assistant"))) {
          throw new DeliveryError("invalid", "roles must alternate");
        }
        return answer(input);
      },
    }));
    answer = ({ text }) => `re: ${text}`;
    harness.deploy({ agent: agent() });
  });
  afterEach(() => harness.stop());

  it("leaves a turn that failed out, so that one message that no model takes fails alone", async () => {
    answer = ({ history, text }) => {
      const size = history.reduce((sum, { content }) => sum + content.length, text.length);
      if (size > 50_000) throw new DeliveryError("invalid", "too long");
      return "fine";
    };
    expect(await harness.chat("hello")).toEqual(["fine"]);
    expect(await harness.chat("x".repeat(60_000))).toEqual([expect.stringContaining("could not answer")]);
    expect(await harness.chat("are you ok?")).toEqual(["fine"]);
    expect(await harness.chat("hello?")).toEqual(["fine"]);
    expect(asked.at(-1)?.history.map(({ content }) => content)).toEqual(["hello", "fine", "are you ok?", "fine"]);
    // Memory has them: they were said.
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([{ turns: 4 }]);
    expect(harness.delivered()[0].messages).toHaveLength(7);
  });

  it("alternates after an outage of the model", async () => {
    answer = () => {
      throw new DeliveryError("transient", "overloaded", { status: 529, retryAfter: 20 * 60_000 });
    };
    expect(await harness.chat("one")).toEqual([expect.stringContaining("could not answer")]);
    answer = ({ text }) => `re: ${text}`;
    expect(await harness.chat("two")).toEqual(["re: two"]);
    expect(await harness.chat("three")).toEqual(["re: three"]);
  });

  it("alternates after a turn without a reply and after posts of the agent's own, and memory has only what was said", async () => {
    answer = () => undefined;
    await harness.chat("one");
    answer = ({ text }) => `re: ${text}`;
    await harness.chat("Good morning!", { role: "assistant" });
    await harness.chat("the digest", { origin: "scheduled" });
    expect(await harness.chat("two")).toEqual(["re: two"]);
    expect(asked.at(-1)?.history).toMatchObject([
      { role: "user", content: "one" },
      { role: "assistant", placeholder: true },
      { role: "user", placeholder: true },
      { role: "assistant", content: "Good morning!" },
      { role: "user", placeholder: true },
      { role: "assistant", content: "re: the digest" },
    ]);
    await harness.chat("/reset");
    const { messages } = harness.delivered()[0];
    expect(messages).toMatchObject([
      { content: "one" },
      { content: "Good morning!" },
      { content: "re: the digest" },
      { content: "two" },
      { content: "re: two" },
    ]);
    expect(JSON.stringify(messages)).not.toContain("placeholder");
  });
});
