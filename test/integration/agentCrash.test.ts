import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import type { AgentInput } from "../../lib/adapter/Agent.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { DELAY_NOTICE } from "../../lib/message/awaitAttempt.ts";
import { toSqsRecord } from "../../local/events/toSqsRecord.ts";
import { Killed } from "../harness/CallGate.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, queueDepth, sessionRows } from "../harness/rows.ts";

const APOLOGY = expect.stringContaining("could not answer");

describe("an attempt that ends without a word", () => {
  let harness: GatewayHarness;
  let asked: AgentInput[];
  /** What the agent does with its next calls; then it answers. */
  let does: ("crash" | "fail")[];
  beforeEach(async () => {
    harness = await startGatewayHarness();
    asked = [];
    does = [];
    const agent = defineAdapter("agent", "fatal", v.strictObject({}), () => ({
      reply: async (input: AgentInput) => {
        asked.push(input);
        const next = does.shift();
        if (next === "fail") throw new DeliveryError("transient", "no");
        // The function dies at its next call.
        if (next === "crash") harness.gate.kill();
        return `answer to ${input.text}`;
      },
    }));
    harness.deploy({ agent: agent(), sessions: { default: { idle: "60s" } }, notices: { reset: false } });
  });
  afterEach(() => harness.stop());

  it("tells the user after three of them, whether or not the session ends in between", async () => {
    does = Array(10).fill("crash");
    await harness.say("one");
    for (let crashes = 0; crashes < 5; crashes++) await crash();
    expect(asked).toHaveLength(3);
    expect(texts()).toEqual([APOLOGY]);
    // An empty session a crash, and nothing of them in the ledger.
    expect((await sessionRows(harness)).length).toBeLessThanOrEqual(4);
    expect((await allRows(harness)).filter(({ sk }) => String(sk).startsWith("HOOK#"))).toHaveLength(2);
    expect(harness.logged).toContainEqual({
      event: "turn.failed",
      error: expect.objectContaining({ name: "AttemptsLost", message: expect.stringContaining("3 attempts at TURN#") }),
    });
    does = [];
    expect(await harness.chat("two")).toEqual(["answer to two"]);
  });

  it("tells the user after three of them in a session that goes on, too", async () => {
    harness.deploy({ agent: harness.services.config.agent, sessions: { default: { idle: "24h" } } });
    does = Array(10).fill("crash");
    await harness.say("one");
    for (let crashes = 0; crashes < 5; crashes++) await crash();
    expect(asked).toHaveLength(3);
    expect(texts()).toEqual([APOLOGY]);
    expect(await sessionRows(harness)).toHaveLength(1);
  });

  it("is counted apart from failures: after two crashes and two failures for now the message is answered", async () => {
    does = ["crash", "fail", "crash", "fail"];
    await harness.say("one");
    for (let crashes = 0; crashes < 5; crashes++) await crash();
    expect(asked).toHaveLength(5);
    expect(texts()).toEqual([DELAY_NOTICE, "answer to one"]);
  });

  it("is not counted where no code ran: a dozen receives without an invocation put no message on the dead-letter queue", async () => {
    await harness.say("one");
    for (let receipts = 0; receipts < 12; receipts++) {
      const { Messages = [] } = await harness.operatorQueues.send(
        new ReceiveMessageCommand({ QueueUrl: harness.wiring.queues.inbound, MessageSystemAttributeNames: ["All"] }),
      );
      expect(Messages.map((message) => toSqsRecord(message, { arn: "a", region: "r" }).body)).toHaveLength(1);
      harness.advance("66s");
    }
    does = ["crash", "crash"];
    for (let crashes = 0; crashes < 3; crashes++) await crash();
    expect(texts()).toEqual(["answer to one"]);
    expect(await queueDepth(harness, harness.wiring.queues.inboundDead)).toBe(0);
  });

  it("is not noted where nothing went wrong: a message's first receive writes no row of its own", async () => {
    await harness.chat("one");
    expect((await allRows(harness)).filter(({ sk }) => String(sk).startsWith("ATTEMPTS#"))).toEqual([]);
  });

  /** Works the message, is killed, and comes back when it is visible again and whatever is due has ended. */
  async function crash(): Promise<void> {
    try {
      await harness.settle();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
    harness.advance("70s");
    await harness.sweep();
    while (await harness.step.stream());
  }

  function texts(): readonly string[] {
    return harness.replies.effects.map(({ body }) => String(body.text));
  }
});
