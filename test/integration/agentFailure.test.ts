import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError, type FailureKind, SecretFormatError } from "../../lib/adapter/errors.ts";
import { secret } from "../../lib/adapter/options.ts";
import { custom } from "../../lib/agents/custom/custom.ts";
import { DELAY_NOTICE } from "../../lib/message/awaitAttempt.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, sessionRows, turnRows } from "../harness/rows.ts";

const APOLOGY = expect.stringContaining("could not answer");

describe("the message function, when the agent fails,", () => {
  let harness: GatewayHarness;
  let asked: AgentInput[];
  /** What the next calls fail with, one each. */
  let failures: unknown[];
  beforeEach(async () => {
    harness = await startGatewayHarness();
    asked = [];
    failures = [];
    const agent = defineAdapter("agent", "moody", v.strictObject({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        if (failures.length > 0) throw failures.shift();
        return `answer to ${input.text}`;
      },
    }));
    harness.deploy({ agent: agent() });
  });
  afterEach(() => harness.stop());

  it.each<[FailureKind]>([["transient"], ["throttled"], ["timeout"], ["quota"]])(
    "tries the message again soon and answers it once when the agent fails for now (%s)",
    async (kind) => {
      failures = [new DeliveryError(kind, "no"), new DeliveryError(kind, "no")];
      expect(await harness.chat("one")).toEqual([]);
      expect(await seconds(10)).toEqual(["answer to one"]);
      expect(asked).toHaveLength(3);
    },
  );

  it("P8 P9 T4 T10 tells the user after a minute, apologises after a quarter of an hour, keeps their words, and goes on with the chat", async () => {
    failures = Array.from({ length: 50 }, () => new DeliveryError("transient", "overloaded", { status: 529 }));
    await harness.chat("one");
    expect(await seconds(59)).toEqual([]);
    expect(await seconds(2)).toEqual([DELAY_NOTICE]);
    expect(await minutes(11)).toEqual([]);
    expect(await minutes(4)).toEqual([APOLOGY]);
    expect(asked.length).toBeGreaterThan(15);
    expect(asked.length).toBeLessThan(25);
    expect(harness.measured.filter(({ name }) => name === "TurnFailed")).toHaveLength(1);
    const [session] = await sessionRows(harness);
    expect(await turnRows(harness, session?.session ?? "")).toMatchObject([{ text: "one", status: "failed" }]);

    failures = [];
    expect(await harness.chat("two")).toEqual(["answer to two"]);
    await harness.chat("/reset");

    expect(harness.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, { content: "two" }, { content: "answer to two" }] },
    ]);
    expect(harness.delivered()[0].messages).toHaveLength(3);
  });

  it("does not ask the agent before the time that it names, and tells the user meanwhile, once", async () => {
    failures = [new DeliveryError("throttled", "slow down", { retryAfter: 5 * 60_000 })];
    await harness.chat("one");
    expect(await seconds(61)).toEqual([DELAY_NOTICE]);
    await seconds(20);
    expect(asked).toHaveLength(1);
    expect(await minutes(3)).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(await minutes(1)).toEqual(["answer to one"]);
  });

  it("tells the user at once when the agent asks for a longer wait than anybody has", async () => {
    failures = [new DeliveryError("throttled", "slow down", { retryAfter: 16 * 60_000 })];
    expect(await harness.chat("one")).toEqual([APOLOGY]);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ["refuses our key", new DeliveryError("auth", "no")],
    ["refuses the message", new DeliveryError("invalid", "too long")],
    ["is gone", new DeliveryError("gone", "no such model")],
    ["has a secret of the wrong form", new SecretFormatError(secret("MODEL_KEY"), "a key")],
    ["has a bug", new TypeError("undefined is not a function")],
    ["throws something that is no error", "oops"],
  ])("asks an agent that %s once, tells the user at once, and raises an alarm", async (_, error) => {
    failures = [error];
    expect(await harness.chat("one")).toEqual([APOLOGY]);
    await minutes(2);
    expect(asked).toHaveLength(1);
    expect(harness.measured).toContainEqual({ name: "TurnFailed", value: 1, unit: "Count" });
    expect(harness.lines.find((line) => line.includes("turn.failed"))).toContain('"kind":');
  });

  it.each([[7], [null], [{ text: 7 }], [{ reply: "hi" }], [["hi"]]])(
    "refuses at once a return value of %j, with what is allowed",
    async (nothing) => {
      const odd = defineAdapter("agent", "odd", v.strictObject({}), () => ({ reply: async () => nothing as never }));
      harness.deploy({ agent: odd() });
      expect(await harness.chat("one")).toEqual([APOLOGY]);
      expect(harness.logged).toContainEqual({
        event: "turn.failed",
        error: expect.objectContaining({
          name: "InvalidReply",
          message: expect.stringContaining("must return a string"),
        }),
      });
    },
  );

  it.each([
    ["toolResults", "a value of type string", { text: "hi", toolResults: "private words" }],
    ["toolResults.1", "null", { text: "hi", toolResults: [{ tool: "find", text: "x" }, null] }],
    ["toolResults.0.text", "an array", { text: "hi", toolResults: [{ tool: "find", text: ["private words"] }] }],
    ["toolResults.0.tool", "a value of type undefined", { text: "hi", toolResults: [{ text: "private words" }] }],
    ["text", "a value of type number", { text: 7 }],
  ])("names %s of a custom agent's reply, which is %s", async (field, given, reply) => {
    harness.deploy({ agent: custom({ reply: async () => reply as never }) });
    expect(await harness.chat("one")).toEqual([APOLOGY]);
    const { error } = harness.logged.find(({ event }) => event === "turn.failed") ?? {};
    expect(error).toMatchObject({
      name: "InvalidReply",
      message:
        `the agent returned a value of type object, whose ${field} is ${given}; reply() must return a string, ` +
        "{ text, toolResults?: { tool, text }[] } of strings or undefined for no reply: mend it",
    });
    expect(harness.lines.join()).not.toContain("private words");
  });

  it("sends a reply that says what it was made with, and logs the rest", async () => {
    const usage = { inputTokens: 11, outputTokens: 7 };
    const telling = defineAdapter("agent", "telling", v.strictObject({}), () => ({
      reply: async ({ platform, messageId, deadline }: AgentInput) => {
        expect({ platform, isLater: deadline > harness.clock.now() }).toEqual({ platform: "http", isLater: true });
        return { text: `answer to ${messageId}`, model: "m-1", usage };
      },
    }));
    harness.deploy({ agent: telling() });
    expect(await harness.chat("one", { messageId: "msg_7" })).toEqual([expect.stringMatching(/^answer to .*msg_7/)]);
    const line = harness.lines.find((text) => text.includes("turn.answered")) ?? "{}";
    expect(JSON.parse(line)).toMatchObject({ model: "m-1", ...usage });
  });

  it("goes on when the telling fails, too, and tells nobody twice", async () => {
    failures = Array.from({ length: 8 }, () => new DeliveryError("transient", "no"));
    await harness.chat("one");
    harness.replies.failNext(1, 500);
    expect(await seconds(61)).toEqual([]);
    expect(harness.logged.map(({ event }) => event)).toContain("delay.untold");
    expect(await minutes(5)).toEqual(["answer to one"]);
    expect(harness.replies.requests).toHaveLength(2);
  });

  it("L22 skips a session of which nothing comes into the transcript, which is not dead for ever", async () => {
    await harness.chat("/memory on");
    failures = [new TypeError("no")];
    await harness.chat("the morning's question", { origin: "scheduled" });
    harness.advance("1h");
    await harness.sweep();
    await harness.settle();

    expect(await sessionRows(harness)).toMatchObject([{ status: "ended", origin: "chat", turns: 1 }]);
    const hooks = (await allRows(harness)).filter(({ sk }) => String(sk).startsWith("HOOK#"));
    expect(hooks).toMatchObject(Array(2).fill({ status: "skipped", skipped: "no-turns" }));
  });

  it("P9 lets the messages behind wait in order, and answers each", async () => {
    failures = [new DeliveryError("transient", "no")];
    for (const text of ["one", "two", "/reset", "three"]) {
      await harness.say(text);
      harness.advance("100ms");
    }
    await harness.settle();
    expect(harness.replies.effects).toEqual([]);

    const replies = await seconds(10);

    expect(replies).toEqual(["answer to one", "answer to two", "Done: a new conversation begins.", "answer to three"]);
    expect(harness.delivered()).toMatchObject([{ turns: 2 }]);
  });

  it("P11 tells the agent with the first message after /reset that there was a session before, and no longer with the second", async () => {
    await harness.chat("one");
    const [old] = await sessionRows(harness);
    await harness.chat("/reset");
    await harness.chat("two");
    await harness.chat("three");

    expect(asked.map(({ previous }) => previous)).toEqual([
      undefined,
      { session: old?.session, reason: "reset" },
      undefined,
    ]);
    expect(asked[1]?.history).toEqual([]);
  });

  it("sends nothing for an agent without an answer, and delivers the user's words", async () => {
    const silent = defineAdapter("agent", "silent", v.strictObject({}), () => ({ reply: async () => undefined }));
    harness.deploy({ agent: silent() });
    expect(await harness.chat("one")).toEqual([]);
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([{ turns: 1, messages: [{ role: "user", content: "one" }] }]);
  });

  /** Lets so many seconds pass; answers the replies that came in them. */
  const seconds = (count: number) => pass(count, "1s");
  const minutes = (count: number) => pass(count * 4, "15s");

  async function pass(steps: number, step: string): Promise<readonly string[]> {
    const before = harness.replies.effects.length;
    for (let passed = 0; passed < steps; passed++) {
      harness.advance(step);
      await harness.settle();
    }
    return harness.replies.effects.slice(before).map(({ body }) => String(body.text));
  }
});
