import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { endSession } from "../../lib/operator/endSession.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { conversationRows, hookRows, sessionRows, turnRows } from "../harness/rows.ts";
import { slowAgent } from "./slowAgent.ts";
import { take } from "./take.ts";

describe("the gateway, when every trigger may come twice and beside itself,", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  it("D2 seals and delivers once when the stream's batches come again and again", async () => {
    await harness.chat("one");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    await harness.stream.repeat();
    await harness.step.stream();
    await harness.settle();
    const rows = [await sessionRows(harness), await hookRows(harness)];

    await harness.stream.repeat();
    await harness.settle();

    expect([await sessionRows(harness), await hookRows(harness)]).toEqual(rows);
    expect(harness.provider.received).toHaveLength(1);
  });

  it("D2 D8 calls once when a job stands on the queue several times and workers take it at once", async () => {
    await harness.chat("one");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    await copyJobs(3);

    await Promise.all(Array.from({ length: 6 }, () => harness.step.sessionEnd()));
    await harness.settle();
    await harness.recover();

    expect(harness.provider.received).toHaveLength(1);
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "delivered", attempts: 1 }));
  });

  it("D3 P4 lets a session live on when a message replaces an expired conversation that the sweep has read", async () => {
    await harness.chat("one");
    harness.advance("30m");
    const deletion = harness.gate.hold("DeleteItemCommand");
    const sweep = harness.sweep();
    await deletion.reached;
    await harness.say("two");
    await harness.step.message();
    deletion.release();
    await sweep;
    await harness.settle();

    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 1, messages: [{ content: "one" }, {}] }]);
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended" }, { status: "open" }]);
    expect(await conversationRows(harness)).toHaveLength(1);
  });

  it("D3 P4 starts the next session when the sweep deletes an expired conversation that a message has read", async () => {
    await harness.chat("one");
    harness.advance("30m");
    await harness.say("two");
    const claim = harness.gate.hold("PutItemCommand");
    const message = harness.step.message();
    await claim.reached;
    await harness.sweep();
    await harness.step.stream();
    claim.release();
    await message;
    await harness.settle();

    expect(harness.delivered()).toMatchObject([{ reason: "idle", turns: 1, messages: [{ content: "one" }, {}] }]);
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended" }, { status: "open" }]);
    expect(harness.replies.effects.map(({ body }) => body.text)).toContain("You said: two");
  });

  it("D2 D3 P3 keeps the first one's word when two seal one session at once", async () => {
    await harness.chat("one");
    harness.goTo("2026-03-02T10:30:00Z");
    await harness.sweep();
    harness.goTo("2026-03-02T10:35:00Z");
    const end = harness.gate.hold("UpdateItemCommand");
    const sweep = harness.sweep();
    await end.reached;
    await harness.step.stream();
    end.release();
    await sweep;
    await harness.settle();

    expect(await sessionRows(harness)).toMatchObject([{ reason: "idle", endedAt: Date.parse("2026-03-02T10:30:00Z") }]);
    expect(harness.provider.received).toHaveLength(1);
    expect(harness.delivered()).toMatchObject([{ reason: "idle" }]);
  });

  it("D3 works messages of different conversations beside each other, and those of one in order", async () => {
    const people = ["ann", "bob", "cat"];
    for (const text of ["one", "two", "three"]) {
      for (const conversation of people) await harness.say(text, { conversation });
      harness.advance("1s");
    }
    for (let round = 0; round < 3; round++) await Promise.all(people.map(() => harness.step.message()));
    await harness.settle();

    for (const chat of people) {
      const [session, ...others] = await sessionRows(harness, chat);
      expect(others).toEqual([]);
      expect((await turnRows(harness, session?.session ?? "")).map(({ text }) => text)).toEqual([
        "one",
        "two",
        "three",
      ]);
      const replies = harness.replies.effects.filter(({ body }) => body.conversation === chat);
      expect(replies.map(({ body }) => body.text)).toEqual(["You said: one", "You said: two", "You said: three"]);
    }
  });

  it("D3 T6 lets an attempt that outlives its time limit write nothing beside the one that replaced it", async () => {
    const gates: (() => void)[] = [];
    harness.deploy({ agent: slowAgent(gates) });
    await harness.say("one");
    const first = harness.step.message();
    while (gates.length < 1) await new Promise(setImmediate);
    harness.advance("70s");
    const second = harness.step.message();
    while (gates.length < 2) await new Promise(setImmediate);

    for (const open of gates.toReversed()) open();
    // Lambda would have killed the first; here it goes on, and finds its queue message taken.
    await Promise.allSettled([first, second]);
    await harness.recover();

    const [session] = await sessionRows(harness);
    expect(await turnRows(harness, session?.session ?? "")).toMatchObject([{ text: "one", reply: "reply 2" }]);
    expect(harness.replies.received.map(({ body }) => body.text)).toEqual(["reply 2"]);
  });

  it("D3 P3 T6 brings no ended session back by a claim that goes out too late", async () => {
    await harness.chat("one");
    harness.advance("1s");
    await harness.say("two");
    const claim = harness.gate.hold("UpdateItemCommand");
    const late = harness.step.message();
    await claim.reached;
    harness.advance("70s");
    await harness.step.message();
    await harness.chat("/reset");
    const live = await conversationRows(harness);

    claim.release();
    await Promise.allSettled([late]);
    await harness.settle();

    expect(await conversationRows(harness)).toEqual(live);
    expect(harness.delivered()).toMatchObject([
      { turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] },
    ]);
    expect(harness.replies.effects.filter(({ body }) => body.text === "You said: two")).toHaveLength(1);
  });

  it("D3 D9 makes one turn and no other session when a whole session comes and goes between a message's look back and its claim", async () => {
    const put = harness.gate.hold("PutItemCommand");
    const late = take(harness, "one", "first");
    await put.reached;
    await take(harness, "one", "second");
    await end();
    put.release();

    expect(await late).toEqual({ outcome: "duplicate" });
    await harness.settle();
    expect(await sessionRows(harness)).toMatchObject([{ status: "ended", turns: 1 }]);
    expect(await conversationRows(harness)).toEqual([]);
    expect(harness.replies.effects).toHaveLength(1);
    expect(harness.delivered()).toHaveLength(1);
  });

  it("D3 D9 looks through a session, too, that came and went while the live one was being started", async () => {
    const put = harness.gate.hold("PutItemCommand");
    const late = take(harness, "one", "first");
    await put.reached;
    await take(harness, "two", "second");
    await end();
    put.release();
    expect(await late).toEqual({ outcome: "done" });

    expect(await take(harness, "two", "third")).toEqual({ outcome: "duplicate" });

    await harness.settle();
    expect(await sessionRows(harness)).toHaveLength(2);
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: two", "You said: one"]);
  });

  it("D3 lets a message that comes in beside a slow turn wait for that turn, and loses it not", async () => {
    const gates: (() => void)[] = [];
    harness.deploy({ agent: slowAgent(gates) });
    await harness.say("one");
    const first = harness.step.message();
    while (gates.length < 1) await new Promise(setImmediate);
    await harness.say("/reset");
    expect(await harness.step.message()).toBe(false);

    gates[0]?.();
    await first;
    await harness.settle();

    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual([
      "reply 1",
      "Done: a new conversation begins.",
    ]);
    expect(harness.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, { content: "reply 1" }] }]);
  });

  /** An invocation of its own takes a message that two carriers may bring. */
  /** An operator ends the live session. */
  async function end(): Promise<void> {
    const [session] = await sessionRows(harness);
    expect(await endSession(harness.services, session?.conversation ?? "", session?.session ?? "")).toBe("ended");
  }

  async function copyJobs(times: number): Promise<void> {
    const QueueUrl = harness.wiring.queues.sessionEnd.crm;
    const { Messages = [] } = await harness.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    for (const { Body } of Messages) {
      for (let copy = 0; copy < times; copy++) {
        await harness.operatorQueues.send(new SendMessageCommand({ QueueUrl, MessageBody: Body }));
      }
    }
  }
});
