import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { strictFields } from "../../lib/adapter/schema/strictFields.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { sessionRows, turnRows } from "../harness/rows.ts";

describe("the gateway, given a command that it answers itself,", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it.each(["/start", "/help"])("tells at %s which commands there are, and makes no turn of it", async (command) => {
    expect(await harness.chat(command)).toEqual([expect.stringContaining("/memory off")]);
    await harness.chat("/reset");
    expect(harness.delivered()).toEqual([]);
  });

  it("keeps what the link of /start carried, apart from what the user says", async () => {
    await harness.chat("/start campaign-7");
    const [session] = await sessionRows(harness);
    expect(await turnRows(harness, session?.session ?? "")).toMatchObject([
      { kind: "command", command: "start campaign-7" },
    ]);
  });

  it("says at /status how the conversation stands", async () => {
    await harness.chat("hello");
    await harness.chat("/memory off");
    expect(await harness.chat("/status")).toEqual([
      "This conversation began at 2026-03-02 10:00 UTC and has 1 message. " +
        "It ends at 2026-03-02 10:30 UTC if nothing is written. Memory is off for you.",
    ]);
  });

  it("answers the last message anew at /retry: the agent gets it as if it had just been written", async () => {
    const asked: AgentInput[] = [];
    const replies = ["first", "second"];
    const agent = defineAdapter("agent", "twofold", strictFields({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        return replies[asked.length - 1];
      },
    }));
    harness.deploy({ agent: agent() });
    expect(await harness.chat("tell me a joke")).toEqual(["first"]);
    harness.advance("1s");
    expect(await harness.chat("/retry")).toEqual(["second"]);

    expect(asked.map(({ text, history }) => [text, history.length])).toEqual([
      ["tell me a joke", 0],
      ["tell me a joke", 0],
    ]);
    await harness.chat("/reset");
    expect(harness.delivered()).toMatchObject([
      {
        turns: 2,
        messages: [{ content: "tell me a joke" }, { content: "first" }, { role: "assistant", content: "second" }],
      },
    ]);
  });

  it("answers at /retry a message whose agent had failed", async () => {
    let isDown = true;
    const agent = defineAdapter("agent", "flaky", strictFields({}), () => ({
      reply: async ({ text }: AgentInput) => {
        if (isDown) throw new Error("a bug");
        return `answered ${text}`;
      },
    }));
    harness.deploy({ agent: agent() });
    expect(await harness.chat("hello")).toEqual([expect.stringContaining("Sorry")]);
    isDown = false;
    harness.advance("1s");
    expect(await harness.chat("/retry")).toEqual(["answered hello"]);
  });

  it("says at /retry that there is nothing to answer", async () => {
    expect(await harness.chat("/retry")).toEqual(["There is nothing here that I could answer anew."]);
  });
});
