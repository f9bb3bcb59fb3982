import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { endSession } from "../../lib/operator/endSession.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, conversationRows } from "../harness/rows.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

const CONVERSATION = "default/http/ann//";

describe("a turn", () => {
  let harness: GatewayHarness;
  let asked: AgentInput[];
  let answer: (input: AgentInput) => Promise<string | undefined>;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    asked = [];
    answer = async ({ text }) => `re: ${text}`;
    const agent = defineAdapter("agent", "mock", v.strictObject({}), () => ({
      reply: (input: AgentInput) => {
        asked.push(input);
        return answer(input);
      },
    }));
    harness.deploy({ agent: agent(), memory: {}, notices: { reset: true } });
  });
  afterEach(() => harness.stop());

  it("is asked of the agent with all that it may know, and with nothing else", async () => {
    await harness.chat("one");
    await harness.chat("/reset");
    await harness.chat("two");
    await harness.chat("three", { user: { id: "bob" } });
    const chat = { id: "ann", type: "dm" };
    const user = { id: "ann", name: "Ann" };
    const [first, second, third] = asked.map(({ signal: _, ...input }) => input);
    const session = expect.any(String);
    // Ten seconds before the end of the function's minute.
    const about = { platform: "http", messageId: expect.any(String), deadline: TEN + 50_000 };
    expect(first).toEqual({ ...about, text: "one", user, chat, session, history: [], memories: [] });
    const previous = { session: first?.session, reason: "reset" };
    expect(second).toEqual({ ...about, text: "two", user, chat, session, history: [], memories: [], previous });
    const history = [
      { role: "user", content: "two", author: user, at: TEN },
      { role: "assistant", content: "re: two", at: TEN },
    ];
    expect(third).toEqual({
      ...about,
      text: "three",
      user: { id: "bob" },
      chat,
      session: second?.session,
      history,
      memories: [],
    });
  });

  it.each([[undefined], [""]])("has no reply where the agent answers %j", async (nothing) => {
    answer = async () => nothing;
    expect(await harness.chat("one")).toEqual([]);
    const turn = (await turns())[0];
    for (const name of ["reply", "repliedAt", "notice", "memories", "undeliverable"]) {
      expect(turn).not.toHaveProperty(name);
    }
  });

  it("has its words and nobody who replied when it is the agent's own", async () => {
    await harness.chat("good morning", { role: "assistant" });
    const [turn] = await turns();
    expect(turn).toMatchObject({ kind: "turn", status: "done", reply: "good morning", origin: "chat" });
    for (const name of ["text", "repliedAt", "notice", "user"]) expect(turn).not.toHaveProperty(name);
    expect(asked).toEqual([]);
  });

  it("tells of an end with its reply, once, and only where there is one", async () => {
    await harness.chat("one");
    await end();
    answer = async () => undefined;
    expect(await harness.chat("two")).toEqual([]);
    expect((await turns()).at(-1)).not.toHaveProperty("notice");
    await end();
    answer = async () => "yes";
    const notice = "(A new conversation: the last one was ended by an operator.)";
    expect(await harness.chat("three")).toEqual([notice, "yes"]);
    expect((await turns()).at(-1)).toMatchObject({ notice });
    expect(await harness.chat("four")).toEqual(["yes"]);
    expect((await turns()).at(-1)).not.toHaveProperty("notice");
  });

  it("gives its lease back when the agent fails, and its attempts are counted beside it", async () => {
    answer = () => Promise.reject(new DeliveryError("throttled", "no"));
    await harness.chat("one");
    expect(await conversationRows(harness)).toMatchObject([{ lease: { until: 0 } }]);
    expect(await attempts()).toMatchObject([
      { begun: 1, failed: 1, firstAt: TEN, nextAt: TEN + 1_000, kind: "throttled" },
    ]);
    harness.advance("1s");
    await harness.settle();
    expect(await conversationRows(harness)).toMatchObject([{ lease: { until: 0 } }]);
    expect(await attempts()).toMatchObject([{ begun: 2, failed: 2, firstAt: TEN, nextAt: TEN + 3_000 }]);
    expect(await attempts()).toMatchObject([{ sk: "ATTEMPTS#2026-03-02T10:00:00.000Z#msg-000001", v: 1 }]);
    // For as long as a redelivery is known.
    expect(await attempts()).toMatchObject([{ expiresAt: (TEN + 1_000) / 1000 + 8 * 86_400 }]);
    expect(await turns()).toEqual([]);
  });

  it("has its name and its words when it is a command, and says what it did", async () => {
    const said = [
      ["/memory off", "memory off", expect.stringContaining("Memory is off for you in this chat")],
      ["/memory  ON ", "memory ON", expect.stringContaining("Memory is on for you in this chat")],
      ["/memory", "memory", expect.stringContaining("Say /memory on or /memory off")],
      ["/memory maybe", "memory maybe", expect.stringContaining("Say /memory on or /memory off")],
      ["/reset", "reset", "Done: a new conversation begins."],
      ["/new", "new", "Done: a new conversation begins."],
    ] as const;
    for (const [text, command, reply] of said) {
      harness.advance("1s");
      expect(await harness.chat(text)).toEqual([reply]);
      expect((await turns()).filter((turn) => turn.at === Date.now())).toMatchObject([
        { kind: "command", status: "done", command, reply },
      ]);
    }
    expect(asked).toEqual([]);
  });

  async function attempts() {
    return (await allRows(harness)).filter(({ sk }) => String(sk).startsWith("ATTEMPTS#"));
  }

  async function turns() {
    return (await allRows(harness)).filter(({ sk }) => String(sk).startsWith("TURN#"));
  }

  async function end(): Promise<void> {
    harness.advance("1m");
    const [conversation] = await conversationRows(harness);
    expect(await endSession(harness.services, CONVERSATION, conversation?.session ?? "")).toBe("ended");
    await harness.settle();
  }
});
