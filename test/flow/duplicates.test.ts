import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/config/Adapter.ts";
import { endSession } from "../../lib/session/endSession.ts";
import { takeTurn } from "../../lib/session/takeTurn.ts";
import { conversationRows, hookRows, sessionRows, turnRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("every trigger may come twice, and beside itself", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());

  it("D2 the stream's batches come again and again: one seal, one delivery", async () => {
    await world.chat("one");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    await world.stream.repeat();
    await world.step.stream();
    await world.settle();
    const rows = [await sessionRows(world), await hookRows(world)];

    await world.stream.repeat();
    await world.settle();

    expect([await sessionRows(world), await hookRows(world)]).toEqual(rows);
    expect(world.provider.received).toHaveLength(1);
  });

  it("D2 D8 a job stands on the queue several times, and workers take it at once: one call", async () => {
    await world.chat("one");
    await world.say("/reset");
    await world.step.message();
    await world.step.stream();
    await copyJobs(3);

    await Promise.all(Array.from({ length: 6 }, () => world.step.sessionEnd()));
    await world.settle();
    await world.recover();

    expect(world.provider.received).toHaveLength(1);
    expect(await hookRows(world)).toMatchObject(Array(2).fill({ status: "delivered", attempts: 1 }));
  });

  it("D3 P4 the sweep has read an expired conversation, and a message replaces it first: its session lives on", async () => {
    await world.chat("one");
    world.advance("30m");
    const deletion = world.outside.hold("DeleteItemCommand");
    const sweep = world.sweep();
    await deletion.reached;
    await world.say("two");
    await world.step.message();
    deletion.release();
    await sweep;
    await world.settle();

    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 1, messages: [{ content: "one" }, {}] }]);
    expect(await sessionRows(world)).toMatchObject([{ status: "ended" }, { status: "open" }]);
    expect(await conversationRows(world)).toHaveLength(1);
  });

  it("D3 P4 a message has read an expired conversation, and the sweep deletes it first: the message starts the next session", async () => {
    await world.chat("one");
    world.advance("30m");
    await world.say("two");
    const claim = world.outside.hold("PutItemCommand");
    const message = world.step.message();
    await claim.reached;
    await world.sweep();
    await world.step.stream();
    claim.release();
    await message;
    await world.settle();

    expect(world.delivered()).toMatchObject([{ reason: "idle", turns: 1, messages: [{ content: "one" }, {}] }]);
    expect(await sessionRows(world)).toMatchObject([{ status: "ended" }, { status: "open" }]);
    expect(world.replies.effects.map(({ body }) => body.text)).toContain("You said: two");
  });

  it("D2 D3 P3 two seal one session at once: the first one's word stands", async () => {
    await world.chat("one");
    world.goTo("2026-03-02T10:30:00Z");
    await world.sweep();
    world.goTo("2026-03-02T10:35:00Z");
    const end = world.outside.hold("UpdateItemCommand");
    const sweep = world.sweep();
    await end.reached;
    await world.step.stream();
    end.release();
    await sweep;
    await world.settle();

    expect(await sessionRows(world)).toMatchObject([{ reason: "idle", endedAt: Date.parse("2026-03-02T10:30:00Z") }]);
    expect(world.provider.received).toHaveLength(1);
    expect(world.delivered()).toMatchObject([{ reason: "idle" }]);
  });

  it("D3 messages of different conversations are worked beside each other, those of one in order", async () => {
    const people = ["ann", "bob", "cat"];
    for (const text of ["one", "two", "three"]) {
      for (const conversation of people) await world.say(text, { conversation });
      world.advance("1s");
    }
    for (let round = 0; round < 3; round++) await Promise.all(people.map(() => world.step.message()));
    await world.settle();

    for (const chat of people) {
      const [session, ...others] = await sessionRows(world, chat);
      expect(others).toEqual([]);
      expect((await turnRows(world, session?.session ?? "")).map(({ text }) => text)).toEqual(["one", "two", "three"]);
      const replies = world.replies.effects.filter(({ body }) => body.conversation === chat);
      expect(replies.map(({ body }) => body.text)).toEqual(["You said: one", "You said: two", "You said: three"]);
    }
  });

  it("D3 T6 an attempt that outlives its time limit writes nothing beside the one that replaced it", async () => {
    const gates: (() => void)[] = [];
    world.deploy({ agent: slowAgent(gates) });
    await world.say("one");
    const first = world.step.message();
    while (gates.length < 1) await new Promise(setImmediate);
    world.advance("70s");
    const second = world.step.message();
    while (gates.length < 2) await new Promise(setImmediate);

    for (const open of gates.toReversed()) open();
    // Lambda would have killed the first; here it goes on, and finds its queue message taken.
    await Promise.allSettled([first, second]);
    await world.recover();

    const [session] = await sessionRows(world);
    expect(await turnRows(world, session?.session ?? "")).toMatchObject([{ text: "one", reply: "reply 2" }]);
    expect(world.replies.received.map(({ body }) => body.text)).toEqual(["reply 2"]);
  });

  it("D3 P3 T6 a claim that goes out too late brings no ended session back", async () => {
    await world.chat("one");
    world.advance("1s");
    await world.say("two");
    const claim = world.outside.hold("UpdateItemCommand");
    const late = world.step.message();
    await claim.reached;
    world.advance("70s");
    await world.step.message();
    await world.chat("/reset");
    const live = await conversationRows(world);

    claim.release();
    await Promise.allSettled([late]);
    await world.settle();

    expect(await conversationRows(world)).toEqual(live);
    expect(world.delivered()).toMatchObject([{ turns: 2, messages: [{ content: "one" }, {}, { content: "two" }, {}] }]);
    expect(world.replies.effects.filter(({ body }) => body.text === "You said: two")).toHaveLength(1);
  });

  it("D3 D9 a whole session comes and goes between a message's look back and its claim: one turn, no other session", async () => {
    const put = world.outside.hold("PutItemCommand");
    const late = take("one", "first");
    await put.reached;
    await take("one", "second");
    await end();
    put.release();

    expect(await late).toEqual({ outcome: "duplicate" });
    await world.settle();
    expect(await sessionRows(world)).toMatchObject([{ status: "ended", turns: 1 }]);
    expect(await conversationRows(world)).toEqual([]);
    expect(world.replies.effects).toHaveLength(1);
    expect(world.delivered()).toHaveLength(1);
  });

  it("D3 D9 a session that came and went while the live one was being started is looked through, too", async () => {
    const put = world.outside.hold("PutItemCommand");
    const late = take("one", "first");
    await put.reached;
    await take("two", "second");
    await end();
    put.release();
    expect(await late).toEqual({ outcome: "done" });

    expect(await take("two", "third")).toEqual({ outcome: "duplicate" });

    await world.settle();
    expect(await sessionRows(world)).toHaveLength(2);
    expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["You said: two", "You said: one"]);
  });

  it("D3 a message that comes in beside a slow turn waits for it, and is not lost", async () => {
    const gates: (() => void)[] = [];
    world.deploy({ agent: slowAgent(gates) });
    await world.say("one");
    const first = world.step.message();
    while (gates.length < 1) await new Promise(setImmediate);
    await world.say("/reset");
    expect(await world.step.message()).toBe(false);

    gates[0]?.();
    await first;
    await world.settle();

    expect(world.replies.effects.map(({ body }) => body.text)).toEqual(["reply 1", "Done: a new conversation begins."]);
    expect(world.delivered()).toMatchObject([{ turns: 1, messages: [{ content: "one" }, { content: "reply 1" }] }]);
  });

  /** An invocation of its own takes a message that two carriers may bring. */
  function take(text: string, carrier: string) {
    const now = Date.now();
    return takeTurn(
      world.services,
      {
        v: 1,
        platform: "http",
        carrier,
        receivedAt: now,
        message: {
          delivery: text,
          sentAt: now,
          chat: { id: "ann", type: "dm" },
          user: { id: "ann" },
          role: "user",
          text,
          origin: "chat",
          replyTo: { conversation: "ann" },
        },
      },
      { deadline: now + 60_000, number: 1, extend: async () => {} },
    );
  }

  /** An operator ends the live session. */
  async function end(): Promise<void> {
    const [session] = await sessionRows(world);
    expect(await endSession(world.services, session?.conversation ?? "", session?.session ?? "")).toBe("ended");
  }

  /** Answers "reply 1", "reply 2", … each once its gate is opened. */
  function slowAgent(gates: (() => void)[]) {
    return defineAdapter("agent", "slow", v.strictObject({}), () => ({
      reply: () => {
        const { promise, resolve } = Promise.withResolvers<string>();
        const number = gates.push(() => resolve(`reply ${number}`));
        return promise;
      },
    }))();
  }

  async function copyJobs(times: number): Promise<void> {
    const QueueUrl = world.wiring.queues.sessionEnd.crm;
    const { Messages = [] } = await world.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    for (const { Body } of Messages) {
      for (let copy = 0; copy < times; copy++) {
        await world.operatorQueues.send(new SendMessageCommand({ QueueUrl, MessageBody: Body }));
      }
    }
  }
});
