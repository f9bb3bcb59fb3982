import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";
import { VesperError } from "../../lib/domain/VesperError.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, conversationRows, hookRows, queueDepth, sessionRows, turnRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";

/**
 * What version 1 writes, letter by letter: a table and queues as they are found by the version that is deployed over
 * them. These literals are never brought up to date; a later version adds its own beside them.
 */
const SESSION = "01KJPZV280Q4YJXBCQPTZSAJ65";

const CONVERSATION = "default/http/ann//";

const conversation = {
  pk: "CONV#default/http/ann//",
  sk: "LIVE",
  v: 1,
  session: SESSION,
  startedAt: 1772445600000,
  startedBy: "TURN#2026-03-02T10:00:00.000Z#msg-old",
  lastActivityAt: 1772445600000,
  lease: {
    id: "01KJPZWWV0WJ4HWNH379H89Q1P",
    turn: "TURN#2026-03-02T10:00:00.000Z#msg-old",
    until: 1772445662000,
    attempt: 1,
  },
  origin: "chat",
  expiresAt: 1772447400,
  expiresWhy: "idle",
};

const session = {
  pk: "CONV#default/http/ann//",
  sk: `SESSION#${SESSION}`,
  v: 1,
  session: SESSION,
  conversation: CONVERSATION,
  platform: "http",
  chat: { id: "ann", type: "dm" },
  origin: "chat",
  memory: "on",
  startedAt: 1772445600000,
  status: "open",
  state: "DUE#2",
  at: 1772447400000,
};

const turn = {
  pk: `SESSION#${SESSION}`,
  sk: "TURN#2026-03-02T10:00:00.000Z#msg-old",
  v: 1,
  conversation: CONVERSATION,
  kind: "turn",
  status: "done",
  reply: "You said: hello",
  messageId: "msg-old",
  at: 1772445600000,
  origin: "chat",
  user: { id: "ann", name: "Ann" },
  text: "hello",
  repliedAt: 1772445600000,
  enqueueId: "01KJPZV280Y1G04TP3MYSVJTCT.0",
  sent: 0,
};

/** The same turn with 1,200 characters of "hello ", and its reply. */
const packedTurn = {
  ...turn,
  v: 2,
  text: Buffer.from("G68EACRAahDH6vCcTgY=", "base64"),
  reply: Buffer.from("G7kEAAQ24EgTjiyh6ZxEFMPy2LzaCSZ3XwY=", "base64"),
};

const sealed = {
  ...session,
  status: "ended",
  reason: "reset",
  endedAt: 1772445600000,
  turns: 1,
  state: "ENDED#2",
  at: 1772445600000,
};

const hook = {
  pk: `SESSION#${SESSION}`,
  sk: "HOOK#crm",
  v: 1,
  session: SESSION,
  conversation: CONVERSATION,
  provider: "crm",
  status: "pending",
  createdAt: 1772445600000,
  attempts: 0,
  failures: [],
  nextAttemptAt: 1772445600000,
  redrives: 0,
  enqueues: 0,
  state: "DUE#2",
  at: 1772445900000,
};

const deadHook = {
  ...hook,
  status: "dead",
  attempts: 1,
  failures: [{ at: 1772445600000, took: 12, kind: "credentials", status: 401, message: "401", body: "no" }],
  deadAt: 1772445600012,
  state: "DEAD#2",
  at: 1772445600012,
};

const { state: _due, at: _at, ...settled } = hook;

const skipped = { ...settled, status: "skipped", skipped: "memory-off" };

const HOOK_JOB = `{"v":1,"session":"${SESSION}","conversation":"${CONVERSATION}","provider":"crm"}`;

const DEAD_LETTER = `{"v":1,"session":"${SESSION}","conversation":"${CONVERSATION}","provider":"crm","deadAt":1772445600012}`;

const INBOUND_JOB =
  '{"v":1,"platform":"http","enqueueId":"01KJPZWWV0X9HHNS8D6PHWDSYX.0","receivedAt":1772445660000,"message":' +
  '{"messageId":"msg-new","sentAt":1772445660000,"chat":{"id":"ann","type":"dm"},"user":{"id":"ann","name":"Ann"},' +
  '"role":"user","text":"two","origin":"chat","replyTo":"ann"}}';

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
    await put(conversation, session, turn);
    await enqueueInbound(INBOUND_JOB);
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
    await put(conversation, session, turn);
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(harness.delivered()).toMatchObject([{ turns: 1, reason: "idle", endedAt: "2026-03-02T10:30:00.000Z" }]);
  });

  it("makes no second turn and no second reply of a redelivery that version 1 answered", async () => {
    await put(conversation, session, turn);
    await harness.chat("hello", { messageId: "msg-old", sentAt: turn.at });
    expect(await turnRows(harness, SESSION)).toHaveLength(1);
    expect(harness.replies.effects).toEqual([]);
  });

  it("delivers a turn whose words version 2 has packed, and reads it where it looks for a redelivery", async () => {
    await put(conversation, session, packedTurn);
    await harness.chat("hello", { messageId: "msg-old", sentAt: turn.at });
    expect(harness.replies.effects).toEqual([]);
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1 }]);
    const words = "hello ".repeat(200);
    expect(JSON.stringify(harness.provider.effects)).toContain(`"You said: ${words}"`);
  });

  it("delivers a job on its way, and finds one that got lost by the sweep", async () => {
    await put(sealed, turn, hook);
    await enqueueHook(HOOK_JOB);
    await harness.settle();
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1, reason: "reset" }]);

    await put(hook);
    await sweepAt(harness, "2026-03-02T10:05:00Z");
    // The row is as it was before the delivery, but its key is the same: the receiver drops the repetition.
    expect(harness.provider.requests).toHaveLength(2);
    expect(harness.delivered()).toHaveLength(1);
  });

  it("redrives a dead hook by an operator, and by its own DLQ message", async () => {
    await put(sealed, turn, deadHook);
    expect(await harness.redrive(await harness.deadHooks())).toBe(1);
    await harness.settle();
    expect(harness.delivered()).toHaveLength(1);

    await put(deadHook);
    await enqueueHook(DEAD_LETTER);
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", redrives: 1 }]);
  });
});

describe("a deploy back over what a later version has left", () => {
  it("keeps an inbound job of version 2: tries it, logs it, puts it on the dead-letter queue as it was, and answers the next message", async () => {
    const job = INBOUND_JOB.replace('"v":1', '"v":2');
    await enqueueInbound(job);
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
    await put(sealed, turn, hook);
    const job = HOOK_JOB.replace('"v":1', '"v":2');
    await enqueueHook(job);
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
    for (const item of [conversation, session, turn]) await put({ ...item, ...extra });
    await enqueueInbound(INBOUND_JOB);
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
    await put({ ...hook, ...extra });
    await enqueueHook(HOOK_JOB);
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject(Array(2).fill({ status: "delivered" }));
    expect(await withExtra()).toEqual([session.sk, hook.sk, turn.sk]);
  });

  it("leaves a hook with an unknown status as it is, shows it in the log, and lets it hold up no other", async () => {
    const parked = { ...hook, sk: "HOOK#wiki", provider: "wiki", status: "parked" };
    await put(parked);
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

describe("code of one version, at an item of the next,", () => {
  it("lets a conversation's message wait, the sweep leaves it, and both go on when newer code is back", async () => {
    const newer = { ...conversation, v: 2, session: { id: SESSION } };
    await put(newer, session, turn);
    await enqueueInbound(INBOUND_JOB);
    await harness.step.message();
    await sweepAt(harness, "2026-03-02T10:31:00Z");

    expect(failures()).toEqual([
      ["job.failed", "NewerVersion", true],
      ["visit.failed", "NewerVersion", true],
      ["job.failed", "NewerVersion", true],
    ]);
    expect(await rows(newer.sk, session.sk)).toEqual([newer, session]);
    expect(harness.replies.effects).toEqual([]);

    await put({ ...conversation, expiresAt: conversation.expiresAt + 3_600 });
    harness.advance(NEXT_TRY);
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: two"]);
  });

  it("tries the stream record of an ended conversation again, gives it up, and its session is swept", async () => {
    await put({ ...conversation, v: 2 }, session, turn);
    const { client, name } = harness.operatorTable;
    await client.send(new DeleteCommand({ TableName: name, Key: { pk: conversation.pk, sk: conversation.sk } }));
    await harness.step.stream();
    expect(failures()).toEqual([["seal.failed", "NewerVersion", true]]);
    expect(await rows(session.sk)).toEqual([session]);

    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    await sweepAt(harness, "2026-03-02T10:37:00Z");
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1, reason: "recovered" }]);
  });

  it.each([
    ["a session", { ...session, v: 2 }, turn],
    ["a turn", session, { ...turn, v: 3 }],
  ])(
    "seals nothing at %s, neither by the stream nor by the sweep, and delivers no word of it",
    async (_what, row, words) => {
      await put(conversation, row, words);
      for (const time of ["10:31", "10:32", "10:37", "10:43"]) await sweepAt(harness, `2026-03-02T${time}:00Z`);

      expect(failures().length).toBeGreaterThan(1);
      for (const failure of failures()) expect(failure).toEqual([expect.any(String), "NewerVersion", true]);
      expect(await rows(row.sk, words.sk)).toMatchObject([{ v: row.v, status: "open" }, words]);
      expect(await hookRows(harness)).toEqual([]);
    },
  );

  it("answers no further message without a turn", async () => {
    await put(conversation, session, { ...turn, v: 3 });
    await enqueueInbound(INBOUND_JOB);
    await harness.step.message();
    expect(failures()).toEqual([["job.failed", "NewerVersion", true]]);
    expect(await rows(conversation.sk)).toEqual([conversation]);
  });

  it("lets a hook's job wait, and the sweep and an operator leave it", async () => {
    const newer = { ...hook, v: 2 };
    await put(sealed, turn, newer);
    await enqueueHook(HOOK_JOB);
    await harness.step.sessionEnd();
    await sweepAt(harness, "2026-03-02T10:06:00Z");
    expect(failures().slice(0, 2)).toEqual([
      ["job.failed", "NewerVersion", true],
      ["visit.failed", "NewerVersion", true],
    ]);
    expect(await rows(newer.sk)).toEqual([newer]);

    const dead = { ...deadHook, v: 2 };
    await put(dead);
    await expect(harness.deadHooks().then(harness.redrive)).rejects.toMatchObject({
      name: "NewerVersion",
      retry: true,
    });
    expect(await rows(dead.sk)).toEqual([dead]);
    expect(harness.provider.requests).toEqual([]);
  });

  it.each([
    ["session", { ...sealed, v: 2 }, turn, skipped],
    ["turn", sealed, { ...turn, v: 3 }, skipped],
    ["hook", sealed, turn, { ...skipped, v: 2 }],
  ])("deletes nothing by retention of a session with such a %s", async (_what, ...items) => {
    await put(...items);
    harness.goTo("2026-05-02T10:00:00Z");
    await harness.retention();
    expect(failures()).toEqual([["purge.failed", "NewerVersion", true]]);
    expect(await rows(...items.map(({ sk }) => sk))).toEqual(items);

    await put(sealed, turn, skipped);
    harness.advance("10m");
    await harness.retention();
    expect(await allRows(harness)).toEqual([]);
  });

  /** What went wrong: where, the error's name, and whether a retry helps. */
  function failures(): readonly unknown[] {
    return harness.logged.flatMap(({ event, error }) =>
      error instanceof VesperError ? [[event, error.name, error.retry]] : [],
    );
  }

  /** The items with these sort keys, in that order. */
  async function rows(...sortKeys: readonly string[]): Promise<readonly unknown[]> {
    const all = await allRows(harness);
    return sortKeys.map((sk) => all.find((row) => row.sk === sk));
  }
});

async function put(...items: readonly Record<string, unknown>[]): Promise<void> {
  const { client, name } = harness.operatorTable;
  for (const Item of items) await client.send(new PutCommand({ TableName: name, Item }));
}

async function enqueueInbound(MessageBody: string): Promise<void> {
  await harness.operatorQueues.send(
    new SendMessageCommand({
      QueueUrl: harness.wiring.queues.inbound,
      MessageBody,
      // The hash of the conversation's key, as version 1 makes it.
      MessageGroupId: "fb8493991204a258070f1774d765dd27923498de53cf85e3bb8035c7ec61291b",
      MessageDeduplicationId: "213df54a393374bd680f48b16d5dae09d4a7bd685ae3698a6e7a2a51a65856b9",
    }),
  );
}

async function enqueueHook(MessageBody: string): Promise<void> {
  const { sessionEnd } = harness.wiring.queues;
  await harness.operatorQueues.send(
    new SendMessageCommand({ QueueUrl: sessionEnd.crm, MessageBody, MessageGroupId: "crm" }),
  );
}
