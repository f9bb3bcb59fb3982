import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { moveBack as moveMessages } from "../world/moveBack.ts";
import { hookRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

describe("a redrive by the queue's own message move task", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.provider.setMode(401);
    await world.chat("hello");
    await world.chat("/reset");
    world.advance("1m");
  });
  afterEach(() => world.stop());

  it("revives what is dead, which is delivered once", async () => {
    world.provider.setMode("ok");
    await moveBack();
    await world.settle();

    expect(world.delivered()).toMatchObject([{ turns: 1, reason: "reset" }]);
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "delivered", redrives: 1 }]);
    expect(await world.deadLetters()).toBe(0);
  });

  it("into the same fault makes a new dead letter, for the new death", async () => {
    await moveBack();
    await world.settle();
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "dead", redrives: 1 }]);
    expect(await world.deadLetters()).toBe(1);

    world.provider.setMode("ok");
    await moveBack();
    await world.settle();
    expect(world.delivered()).toHaveLength(1);
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "delivered", redrives: 2 }]);
  });

  it("a stale job of an earlier death revives nothing", async () => {
    const stale = await deadLetter();
    await moveBack();
    await world.settle();
    const calls = world.provider.requests.length;

    await enqueue(stale);
    await world.settle();

    expect(world.provider.requests).toHaveLength(calls);
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "dead", redrives: 1 }]);
  });

  it("a plain duplicate of the first job revives nothing either", async () => {
    const { deadAt: _, ...plain } = JSON.parse(await deadLetter());
    await enqueue(JSON.stringify(plain));
    await world.settle();

    expect(world.provider.requests).toHaveLength(1);
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "dead", redrives: 0 }]);
  });

  it("D2 a move and an operator's redrive at once deliver once", async () => {
    world.provider.setMode("ok");
    const dead = await world.deadHooks();
    await Promise.all([moveBack(), world.redrive(dead)]);
    await world.settle();
    await world.recover();

    expect(world.provider.received).toHaveLength(1);
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "delivered" }]);
    expect(await world.deadLetters()).toBe(0);
  });

  it("killed between the new death and its dead letter, the letter is written when the job comes again", async () => {
    await moveBack();
    world.outside.plan({ call: 7, when: "before" });
    await world.step.sessionEnd().catch(() => undefined);
    expect(world.outside.pending).toBe(false);
    await world.recover();

    expect(await hookRows(world, "crm")).toMatchObject([{ status: "dead", redrives: 1 }]);
    expect(await world.deadLetters()).toBe(1);
  });

  function moveBack(): Promise<void> {
    const { sessionEnd, sessionEndDead } = world.wiring.queues;
    return moveMessages(world, sessionEndDead, sessionEnd.crm);
  }

  /** The one dead letter, which stays where it is. */
  async function deadLetter(): Promise<string> {
    const { Messages } = await world.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: world.wiring.queues.sessionEndDead, VisibilityTimeout: 0 }),
    );
    return Messages?.[0]?.Body ?? "";
  }

  async function enqueue(body: string): Promise<void> {
    await world.operatorQueues.send(
      new SendMessageCommand({ QueueUrl: world.wiring.queues.sessionEnd.crm, MessageBody: body }),
    );
  }
});
