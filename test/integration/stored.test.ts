import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

const CONVERSATION = { pk: "CONV#default/http/ann//" };

describe("the table, attribute by attribute,", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
  });
  afterEach(() => harness.stop());

  it("holds a running session", async () => {
    await harness.chat("hello");
    await harness.say("again");
    harness.advance("3s");
    await harness.settle();

    const session = expect.stringMatching(/^[0-9A-Z]{26}$/);
    const turn = { v: 1, conversation: "default/http/ann//", kind: "turn", status: "done", origin: "chat", sent: 0 };
    expect(await allRows(harness)).toEqual([
      {
        ...CONVERSATION,
        sk: "LIVE",
        v: 1,
        session,
        startedAt: TEN,
        startedBy: "TURN#2026-03-02T10:00:00.000Z#msg-000001",
        expiresAt: TEN / 1000 + 1_800,
        expiresWhy: "idle",
        lastActivityAt: TEN,
        lease: { id: session, turn: "TURN#2026-03-02T10:00:00.000Z#msg-000002", until: TEN + 65_000 },
        origin: "chat",
      },
      {
        ...CONVERSATION,
        sk: expect.stringMatching(/^SESSION#[0-9A-Z]{26}$/),
        v: 1,
        session,
        conversation: "default/http/ann//",
        platform: "http",
        chat: { id: "ann", type: "dm" },
        origin: "chat",
        startedAt: TEN,
        status: "open",
        state: expect.stringMatching(/^DUE#[0-7]$/),
        at: TEN + 1_800_000,
      },
      ...["hello", "again"].map((text, index) => ({
        ...turn,
        pk: expect.stringMatching(/^SESSION#[0-9A-Z]{26}$/),
        sk: `TURN#2026-03-02T10:00:00.000Z#msg-00000${index + 1}`,
        messageId: `msg-00000${index + 1}`,
        at: TEN,
        // Where to speak first; later turns have it where it differs.
        ...(index === 0 ? { replyTo: "ann" } : {}),
        user: { id: "ann", name: "Ann" },
        text,
        reply: `You said: ${text}`,
        repliedAt: TEN + index * 3_000,
        enqueueId: expect.stringMatching(/^[0-9A-Z]{26}\.0$/),
      })),
    ]);
  });

  it("holds a session that has ended and is delivered", async () => {
    await harness.chat("hello");
    await sweepAt(harness, "2026-03-02T10:30:05Z");

    const [session, hook] = await allRows(harness);
    expect(session).toMatchObject({
      status: "ended",
      state: expect.stringMatching(/^ENDED#[0-7]$/),
      at: TEN + 1_800_000,
      reason: "idle",
      endedAt: TEN + 1_800_000,
      turns: 1,
    });
    expect(hook).toEqual({
      pk: expect.stringMatching(/^SESSION#[0-9A-Z]{26}$/),
      sk: "HOOK#crm",
      v: 1,
      session: session?.session,
      conversation: "default/http/ann//",
      provider: "crm",
      status: "delivered",
      createdAt: TEN + 1_805_000,
      attempts: 1,
      failures: [],
      nextAttemptAt: TEN + 1_805_000,
      redrives: 0,
      enqueues: 0,
      receipt: { id: expect.stringMatching(/^msg_[0-9a-f]{32}$/), status: 200, body: '{"accepted":true}' },
      deliveredAt: TEN + 1_805_000,
    });
  });

  it("holds a delivery that is to be tried again, and a dead one", async () => {
    harness.provider.setMode(503);
    await harness.chat("hello");
    await harness.chat("/reset");
    const failure = { at: TEN, took: 0, kind: "transient", status: 503, message: expect.stringContaining("503") };
    const hookRow = async () => (await allRows(harness)).find(({ sk }) => sk === "HOOK#crm");
    const pending = await hookRow();
    expect(pending).toMatchObject({
      status: "pending",
      attempts: 1,
      failures: [failure],
      nextAttemptAt: TEN + 10_000,
      state: expect.stringMatching(/^DUE#[0-7]$/),
      at: TEN + 310_000,
    });
    expect(pending).not.toHaveProperty("lease");

    harness.provider.setMode(401);
    harness.advance("10s");
    await harness.settle();
    const dead = await hookRow();
    expect(dead).toMatchObject({
      status: "dead",
      attempts: 2,
      failures: [failure, { at: TEN + 10_000, took: 0, kind: "auth", status: 401 }],
      deadAt: TEN + 10_000,
      state: expect.stringMatching(/^DEAD#[0-7]$/),
      at: TEN + 10_000,
    });
    expect(dead).not.toHaveProperty("lease");
  });

  it("is called no more for a message of a running session than that needs", async () => {
    await harness.chat("hello");
    // So soon after the session's start its turn may lie in the session before.
    expect(await callsFor("again")).toEqual([
      ...["GetItemCommand", "QueryCommand", "QueryCommand", "BatchGetItemCommand"],
      ...["UpdateItemCommand", "PutItemCommand", "POST /"],
    ]);
    harness.advance("1m");
    expect(await callsFor("and again")).toEqual([
      ...["GetItemCommand", "QueryCommand", "UpdateItemCommand", "PutItemCommand", "POST /"],
    ]);
  });

  async function callsFor(text: string): Promise<readonly string[]> {
    await harness.say(text);
    await harness.step.message();
    return [...harness.gate.calls];
  }
});
