import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, conversationRows, hookRows, queueDepth, sessionRows, turnRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";
import { enqueueHook, enqueueInbound, put } from "./putOnStand.ts";
import {
  conversation,
  DEAD_LETTER,
  deadHook,
  HOOK_JOB,
  hook,
  INBOUND_JOB,
  packedTurn,
  SESSION,
  sealed,
  session,
  turn,
} from "./versionOneRows.ts";

/** Further than the longest wait of a job that failed. */
const NEXT_TRY = "61s";

let harness: GatewayHarness;

beforeEach(async () => {
  harness = await startGatewayHarness("2026-03-02T10:01:00Z");
  harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
});

afterEach(() => harness.stop());

describe("a deploy over what version 1 has left", () => {
  it("D7 T5 goes on with a live session, ends it on time, and delivers it whole", async () => {
    await put(harness, conversation, session, turn);
    await enqueueInbound(harness, INBOUND_JOB);
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: two"]);
    expect(await sessionRows(harness)).toHaveLength(1);

    await sweepAt(harness, "2026-03-02T10:31:00Z");

    expect(harness.delivered()).toMatchObject([
      {
        session: SESSION,
        turns: 2,
        reason: "idle",
        messages: [{ content: "hello" }, {}, { content: "two" }, { content: "You said: two" }],
      },
    ]);
  });

  it("ends a session that nobody writes in any more by the sweep", async () => {
    await put(harness, conversation, session, turn);
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(harness.delivered()).toMatchObject([{ turns: 1, reason: "idle", endedAt: "2026-03-02T10:30:00.000Z" }]);
  });

  it("makes no second turn and no second reply of a redelivery that version 1 answered", async () => {
    await put(harness, conversation, session, turn);
    await harness.chat("hello", { messageId: "msg-old", sentAt: turn.at });
    expect(await turnRows(harness, SESSION)).toHaveLength(1);
    expect(harness.replies.effects).toEqual([]);
  });

  it("delivers a turn whose words version 2 has packed, and reads it where it looks for a redelivery", async () => {
    await put(harness, conversation, session, packedTurn);
    await harness.chat("hello", { messageId: "msg-old", sentAt: turn.at });
    expect(harness.replies.effects).toEqual([]);
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1 }]);
    const words = "hello ".repeat(200);
    expect(JSON.stringify(harness.provider.effects)).toContain(`"You said: ${words}"`);
  });

  it("delivers a job on its way, and finds one that got lost by the sweep", async () => {
    await put(harness, sealed, turn, hook);
    await enqueueHook(harness, HOOK_JOB);
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1, reason: "reset" }]);

    await put(harness, hook);
    await sweepAt(harness, "2026-03-02T10:05:00Z");
    // The row is as it was before the delivery, but its key is the same: the receiver drops the repetition.
    expect(harness.provider.requests).toHaveLength(2);
    expect(harness.delivered()).toHaveLength(1);
  });

  it("redrives a dead hook by an operator, and by its own DLQ message", async () => {
    await put(harness, sealed, turn, deadHook);
    expect(await harness.redrive(await harness.deadHooks())).toBe(1);
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);

    await put(harness, deadHook);
    await enqueueHook(harness, DEAD_LETTER);
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", redrives: 1 }]);
  });
});

describe("a deploy back over what a later version has left", () => {
  it("keeps an inbound job of version 2: tries it, logs it, puts it on the dead-letter queue as it was, and answers the next message", async () => {
    const job = INBOUND_JOB.replace('"v":1', '"v":2');
    await enqueueInbound(harness, job);
    await harness.say("I am next");
    for (let receipts = 0; receipts <= wiring.inbound.maxReceiveCount; receipts++) {
      await harness.settle();
      harness.advance(NEXT_TRY);
    }

    const failed = harness.logged.filter(({ event }) => event === "job.failed");
    expect(failed).toMatchObject(
      Array(wiring.inbound.maxReceiveCount).fill({ error: { name: "NewerVersion", retry: true } }),
    );
    expect(await bodies(harness.wiring.queues.inboundDead)).toEqual([job]);
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: I am next"]);
  }, 60_000);

  it("keeps a hook job of version 2, too, and the ledger delivers its session all the same", async () => {
    await put(harness, sealed, turn, hook);
    const job = HOOK_JOB.replace('"v":1', '"v":2');
    await enqueueHook(harness, job);
    for (let receipts = 0; receipts < 102; receipts++) {
      await harness.step.sessionEnd();
      harness.advance(NEXT_TRY);
    }
    expect(await bodies(harness.wiring.queues.sessionEndDead)).toEqual([job]);
    expect(harness.delivered()).toEqual([]);

    await harness.sweep();
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1 }]);
    expect(await queueDepth(harness, harness.wiring.queues.sessionEndDead)).toBe(1);
  });

  it("keeps attributes that version 1 does not know on every item that it writes", async () => {
    const extra = { later: { than: "version 1" } };
    for (const item of [conversation, session, turn]) await put(harness, { ...item, ...extra });
    await enqueueInbound(harness, INBOUND_JOB);
    await harness.settle();
    expect(await withExtra()).toEqual([conversation.sk, session.sk, turn.sk]);
    // A successor takes the item over, with every optional attribute that there is; it goes on without some of them.
    harness.deploy({
      memory: { crm: webhookTo(harness.provider) },
      sessions: { default: { idle: "2h", maxAge: "20m" } },
    });
    for (const text of ["/reset", "three"]) await harness.chat(text, { messageId: text });
    expect(await conversationRows(harness)).toMatchObject([{ previous: { session: SESSION, reason: "reset" } }]);
    expect((await conversationRows(harness))[0]).not.toHaveProperty("ended");
    expect(await withExtra()).toEqual([conversation.sk, session.sk, turn.sk]);

    await sweepAt(harness, "2026-03-02T10:31:00Z");
    expect(harness.delivered()).toMatchObject([{ turns: 2 }, { turns: 1 }]);
    await put(harness, { ...hook, ...extra });
    await enqueueHook(harness, HOOK_JOB);
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "delivered" }));
    expect(await withExtra()).toEqual([session.sk, hook.sk, turn.sk]);
  });

  it("leaves a hook with an unknown status as it is, shows it in the log, and lets it hold up no other", async () => {
    const parked = { ...hook, sk: "HOOK#wiki", provider: "wiki", status: "parked" };
    await put(harness, parked);
    await harness.chat("hello", { conversation: "bob", user: { id: "bob" } });
    await sweepAt(harness, "2026-03-02T10:31:00Z");

    expect(harness.logged.map(({ event }) => event)).toContain("visit.failed");
    expect((await allRows(harness)).find(({ sk }) => sk === parked.sk)).toEqual(parked);
    expect(harness.delivered()).toMatchObject([{ turns: 1 }]);
  });

  async function withExtra(): Promise<readonly unknown[]> {
    return (await allRows(harness)).filter((row) => "later" in row).map(({ sk }) => sk);
  }

  async function bodies(url: string): Promise<readonly unknown[]> {
    const { Messages = [] } = await harness.operatorQueues.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    return Messages.map(({ Body }) => Body);
  }
});
