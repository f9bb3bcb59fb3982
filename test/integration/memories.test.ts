import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import type { Memory, MemoryProvider, RecallQuery } from "../../lib/adapter/MemoryProvider.ts";
import { takeTurn } from "../../lib/message/takeTurn.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows } from "../harness/rows.ts";

const KNOWN: readonly Memory[] = [{ text: "likes tea", at: 7 }];

describe("what is remembered of a person", () => {
  let harness: GatewayHarness;
  let recalled: RecallQuery[];
  let asked: AgentInput[];
  let answer: (input: AgentInput) => Promise<string | undefined>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    recalled = [];
    asked = [];
    answer = async ({ text }) => `re: ${text}`;
    const agent = defineAdapter("agent", "mock", v.strictObject({}), () => ({
      reply: (input: AgentInput) => {
        asked.push(input);
        return answer(input);
      },
    }));
    const memory = defineAdapter(
      "memory",
      "known",
      v.strictObject({}),
      (): MemoryProvider => ({
        capabilities: { idempotency: "none" },
        onSessionEnd: async () => ({}),
        recall: async (query) => {
          recalled.push(query);
          return KNOWN;
        },
      }),
    );
    harness.deploy({ agent: agent(), memory: { known: memory() } });
  });
  afterEach(() => harness.stop());

  it("is recalled with their first message, and given to the agent with each", async () => {
    for (const text of ["one", "two"]) await harness.chat(text);
    expect(recalled).toEqual([
      {
        ...{ tenant: "default", platform: "http", chat: { id: "ann", type: "dm" }, user: { id: "ann", name: "Ann" } },
        ...{ text: "one", limit: expect.any(Number), timeout: expect.any(Number) },
      },
    ]);
    expect(asked.map(({ memories }) => memories)).toEqual([KNOWN, KNOWN]);
    expect(await stored()).toEqual([KNOWN, undefined]);
  });

  it("W12 W4 is recalled for each who writes in a thread, and told to the agent with their own messages alone", async () => {
    const says = (text: string, id: string) =>
      harness.chat(text, { conversation: "room", chatType: "thread", user: { id } });
    await says("one", "ann");
    await says("two", "bob");
    await says("three", "ann");
    await says("four", "bob");
    expect(recalled.map(({ user }) => user.id)).toEqual(["ann", "bob"]);
    expect(asked.map(({ memories }) => memories)).toEqual([KNOWN, KNOWN, KNOWN, KNOWN]);
    expect(await stored()).toEqual([KNOWN, KNOWN, undefined, undefined]);
  });

  it("is recalled again in the next session", async () => {
    for (const text of ["one", "/reset", "two"]) await harness.chat(text);
    expect(recalled.map(({ text }) => text)).toEqual(["one", "two"]);
  });

  it("is not recalled for a scheduled message, but for the first that a person writes after that", async () => {
    await harness.chat("wake up", { origin: "scheduled" });
    expect(asked).toMatchObject([{ memories: [] }]);
    await harness.chat("one");
    expect(recalled.map(({ text }) => text)).toEqual(["one"]);
    expect(await stored()).toEqual([undefined, KNOWN]);
  });

  it("is not given while memory is switched off, and recalled when it is on again", async () => {
    for (const text of ["/memory off", "one", "/memory ON", "two"]) {
      await harness.chat(text);
      harness.advance("1s");
    }
    expect(asked.map(({ memories }) => memories)).toEqual([[], []]);
    expect(recalled).toEqual([]);
    for (const text of ["/reset", "/memory off", "/memory on", "three"]) {
      await harness.chat(text);
      harness.advance("1s");
    }
    expect(recalled.map(({ text }) => text)).toEqual(["three"]);
  });

  it("is recalled again after a turn that failed", async () => {
    answer = () => Promise.reject(new Error("no"));
    await harness.chat("one");
    answer = async () => "yes";
    await harness.chat("two");
    expect(recalled.map(({ text }) => text)).toEqual(["one", "two"]);
    expect((await stored()).at(-1)).toEqual(KNOWN);
  });

  it("is given to an agent that has ten seconds less than the function", async () => {
    answer = () => new Promise(() => {});
    await harness.say("one");
    const job = {
      ...({ v: 1, platform: "http", enqueueId: "c", receivedAt: Date.now() } as const),
      message: {
        ...({
          messageId: "d",
          sentAt: Date.now(),
          chat: { id: "zoe", type: "dm" },
          user: { id: "zoe" },
          role: "user",
        } as const),
        ...({ text: "hello", origin: "chat", replyTo: "zoe" } as const),
      },
    };
    const deadline = Date.now() + 10_050;
    const later = { outcome: "later", at: expect.any(Number) };
    const attempt = { deadline, number: 1, extend: async () => {} };
    expect(await takeTurn(harness.services, job, attempt)).toEqual(later);
    expect(asked.at(-1)?.signal.aborted).toBe(true);
    expect(asked.at(-1)?.signal.reason).toMatchObject({
      name: "AgentLate",
      message: expect.stringContaining("within 50 ms"),
    });
    harness.advance("1s");
    expect(await takeTurn(harness.services, job, { ...attempt, deadline: Date.now() + 9_000, number: 2 })).toEqual(
      later,
    );
    expect(asked.at(-1)?.signal.reason).toMatchObject({ message: expect.stringContaining("within 0 ms") });
  });

  /** The memories that each turn has stored. */
  async function stored(): Promise<readonly unknown[]> {
    const turns = (await allRows(harness)).filter(({ sk, kind }) => String(sk).startsWith("TURN#") && kind === "turn");
    return turns.map(({ memories }) => memories);
  }
});
