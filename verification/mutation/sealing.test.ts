import { type SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PutCommand, QueryCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import type { Logger } from "../../lib/domain/observability.ts";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import { sealFromStream } from "../../lib/expiry/sealFromStream.ts";
import { sealSession } from "../../lib/expiry/sealSession.ts";
import { sweep } from "../../lib/expiry/sweep.ts";
import { webhook } from "../../lib/memory/webhook/webhook.ts";
import type { SessionEndQueues } from "../../lib/queues/sessionEndQueues.ts";
import type { Queue } from "../../lib/services/Services.ts";
import { conversationItem, hookItem, sessionItem, turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const MINUTE = 60_000;

const ROW = sessionItem("c", "S1");

const HOOK = hookItem("S1", "crm");

const SESSION = {
  ...{ session: "S1", conversation: "c", platform: "http", chat: { id: "7", type: "dm" }, startedAt: NOW - MINUTE },
  ...{ origin: "chat", status: "open" },
};

describe("sealing", () => {
  let harness: StepHarness;
  let sent: unknown[];
  let queues: SessionEndQueues;
  let visits: Queue;
  beforeEach(() => {
    const crm = webhook({ url: "https://crm.test/", secret: secret("SECRET") });
    harness = createStepHarness(NOW, { memory: { crm } });
    sent = [];
    const send = async ({ input }: SendMessageBatchCommand) => {
      for (const { MessageBody = "" } of input.Entries ?? []) sent.push(JSON.parse(MessageBody));
      return {};
    };
    const client = Object.assign(new SQSClient({ region: "none" }), { send });
    queues = new Map([["crm", { client, url: "url" }]]);
    visits = { client, url: "visits" };
  });
  const turn = (name: string, more: object) =>
    harness.put({ ...turnItem("S1", `TURN#${name}`), kind: "turn", origin: "chat", text: "words", ...more });
  const seal = (endedAt?: number) =>
    sealSession(harness.services, queues, {
      ...{ conversation: "c", session: "S1", reason: "idle" },
      ...(endedAt === undefined ? {} : { endedAt }),
    });
  const fail = (kind: typeof UpdateCommand | typeof PutCommand) => {
    harness.instead = (command) => (command instanceof kind ? Promise.reject(new Error("down")) : undefined);
  };

  it("counts the turns of all pages, and writes a pending hook that is due when its job is late", async () => {
    harness.put({ ...ROW, ...SESSION });
    for (let number = 1; number <= 5; number++) turn(String(number), { at: NOW - 50 + number });
    turn("6", { at: NOW - 7, kind: "command" });
    await seal(NOW - 3);
    expect(harness.peek(ROW)).toMatchObject({
      status: "ended",
      reason: "idle",
      turns: 5,
      endedAt: NOW - 3,
      at: NOW - 3,
    });
    expect(harness.peek(ROW)?.state).toMatch(/^ENDED#/);
    expect(harness.peek(HOOK)).toMatchObject({ status: "pending", at: NOW + 5 * MINUTE, nextAttemptAt: NOW });
    expect(harness.peek(HOOK)?.state).toMatch(/^DUE#/);
    expect(sent).toEqual([{ v: 1, session: "S1", conversation: "c", provider: "crm" }]);
  });

  it("takes the last thing that was written for its end, where that is not known, else its start", async () => {
    harness.put({ ...ROW, ...SESSION });
    for (let number = 1; number <= 4; number++) turn(String(number), { at: NOW - 50 + number });
    await seal();
    expect(harness.peek(ROW)).toMatchObject({ endedAt: NOW - 46 });

    const other = createStepHarness(NOW);
    other.put({ ...ROW, ...SESSION });
    await sealSession(other.services, queues, { conversation: "c", session: "S1", reason: "recovered" });
    expect(other.peek(ROW)).toMatchObject({ endedAt: NOW - MINUTE, turns: 0, reason: "recovered" });
  });

  it("takes a turn that was kept out of it for no end", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW - 50 });
    harness.put({ ...turnItem("S1", "TURN#2"), kind: "tombstone" });
    await seal();
    expect(harness.peek(ROW)).toMatchObject({ endedAt: NOW - 50, turns: 1 });
  });

  it("keeps out for a day the turn whose function may still be storing it, and writes nothing where that stands", async () => {
    const end = { conversation: "c", session: "S1", reason: "idle", endedAt: NOW } as const;
    const writes: unknown[] = [];
    harness.instead = (command) => {
      if (command instanceof PutCommand) writes.push(command.input.Item?.sk);
      return undefined;
    };
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW - 50 });
    harness.now = NOW + 1;
    await sealSession(harness.services, queues, { ...end, turn: "TURN#2" });
    expect(harness.peek(turnItem("S1", "TURN#2"))).toMatchObject({
      ...{ kind: "tombstone", expiresAt: NOW / 1_000 + 86_401 },
    });
    expect(writes).toEqual(["TURN#2", HOOK.sk]);
    harness.put({ ...ROW, ...SESSION });
    for (const name of ["3", "4"]) turn(name, { at: NOW - 50 });
    await sealSession(harness.services, queues, { ...end, turn: "TURN#1" });
    expect(harness.peek(ROW)).toMatchObject({ status: "ended", turns: 3 });
    expect(writes).toEqual(["TURN#2", HOOK.sk, HOOK.sk]);
  });

  it("skips the hooks of a session in which nothing was said but an apology that answers no words", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW, text: undefined, reply: "Sorry", status: "failed" });
    await seal();
    expect(harness.peek(HOOK)).toMatchObject({ status: "skipped", skipped: "no-turns" });
  });

  it("writes a hook that is skipped without a time, and no job", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW, memoryOff: true });
    await seal();
    expect(harness.peek(HOOK)).toMatchObject({ status: "skipped", skipped: "memory-off" });
    expect(harness.peek(HOOK)).not.toHaveProperty("state");
    expect(sent).toEqual([]);
  });

  it("leaves what was sealed as it is, and sends again only what nobody has begun", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW });
    await seal(NOW - 3);
    sent = [];
    await seal(NOW - 2);
    expect(harness.peek(ROW)).toMatchObject({ endedAt: NOW - 3 });
    expect(sent).toHaveLength(1);
    harness.put({ ...harness.peek(HOOK), attempts: 1 });
    await seal();
    harness.put({ ...harness.peek(HOOK), attempts: 0, accepted: { attempts: 1, ticket: "{}", heardAt: NOW } });
    await seal();
    harness.put({ ...harness.peek(HOOK), accepted: undefined, status: "delivered" });
    await seal();
    expect(sent).toHaveLength(1);
  });

  it("keeps a hook row that an earlier sealing wrote, and throws another error", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW });
    harness.put({ ...HOOK, status: "delivered" });
    await seal();
    expect(harness.peek(HOOK)).toEqual({ ...HOOK, v: 1, status: "delivered" });
    harness.put({ ...ROW, ...SESSION });
    fail(PutCommand);
    await expect(seal()).rejects.toThrow("down");
    fail(UpdateCommand);
    await expect(seal()).rejects.toThrow("down");
  });

  it("gives way to another trigger that was faster", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW });
    harness.instead = (command) => {
      if (command instanceof UpdateCommand) harness.put({ ...ROW, ...SESSION, status: "ended", endedAt: 1 });
      return undefined;
    };
    const measures: unknown[] = [];
    const info: Logger["info"] = (_event, _fields, measured) => void measures.push(measured);
    const { services } = harness;
    const end = { conversation: "c", session: "S1", reason: "idle" } as const;
    await sealSession({ ...services, log: { ...services.log, info } }, queues, end);
    expect(harness.peek(ROW)).toMatchObject({ endedAt: 1 });
    expect(measures).toEqual([[]]);
  });

  it("does not touch a session of which a newer version has written a turn", async () => {
    harness.put({ ...ROW, ...SESSION });
    turn("1", { at: NOW, v: 3 });
    await expect(seal()).rejects.toMatchObject({ name: "NewerVersion" });
    expect(harness.peek(ROW)).toMatchObject({ status: "open" });
  });

  describe("a stream record", () => {
    const lease = { id: "a", turn: "TURN#1", until: 0 };
    const old = {
      ...{ v: 1, session: "S1", startedAt: NOW, startedBy: "x", lastActivityAt: NOW, origin: "chat" },
      lease,
    };
    const record = (session: string | undefined, number?: string, was: object = old): DynamoDBRecord => ({
      dynamodb: {
        Keys: { pk: { S: conversationItem("c").pk }, sk: { S: "LIVE" } },
        OldImage: marshall(was) as never,
        ...(session === undefined ? {} : { NewImage: marshall({ ...old, session }) as never }),
        ...(number === undefined ? {} : { SequenceNumber: number }),
        ApproximateCreationDateTime: NOW / 1000,
      },
    });

    it("is sealed where it tells an end, and does nothing where it tells none", async () => {
      harness.put({ ...ROW, ...SESSION });
      expect(await sealFromStream(harness.services, queues, [record("S1", "1"), record(undefined, "2")])).toEqual([]);
      expect(harness.peek(ROW)).toMatchObject({ status: "ended", reason: "api" });
      expect(harness.logged).toMatchObject([{ event: "session.sealed" }]);
    });

    it("is reported when it fails, and the others go on", async () => {
      harness.put({ ...ROW, ...SESSION });
      const records = [
        record(undefined, "1", { v: 1 }),
        record(undefined, "2"),
        record(undefined, undefined, { v: 1 }),
      ];
      expect((await sealFromStream(harness.services, queues, records)).toSorted()).toEqual(["", "1"]);
      expect(harness.peek(ROW)).toMatchObject({ status: "ended" });
      expect(harness.logged).toContainEqual({ event: "seal.failed", record: "1", error: expect.any(Error) });
    });
  });

  describe("a sweep", () => {
    /** A session that is due then, and when it was looked at. */
    const due = (name: string, at: number, expiresAt = at) => {
      harness.put({
        ...sessionItem(name, name),
        ...SESSION,
        session: name,
        conversation: name,
        state: `DUE#${name.length}`,
        at,
      });
      const lease = { id: "a", turn: "TURN#1", until: 0 };
      const live = { session: name, startedAt: NOW, startedBy: "x", lastActivityAt: NOW, origin: "chat", lease };
      harness.put({ ...conversationItem(name), ...live, expiresAt: expiresAt / 1000 });
    };
    const isLive = (name: string) => harness.peek(conversationItem(name)) !== undefined;

    it("ends what is due, queues what falls due within the minute, and looks no further", async () => {
      due("past", NOW - 1000);
      due("soon", NOW + 59_000);
      due("far", NOW + MINUTE);
      await sweep(harness.services, { sessionEnd: queues, visits }, new HeldVisits(), NOW + 2 * MINUTE);
      expect(["past", "soon", "far"].map(isLive)).toEqual([false, true, true]);
      expect(sent).toEqual([{ v: 1, sessions: [sessionItem("soon", "soon")] }]);
      expect(harness.logged).toEqual([{ event: "sweep.done", due: 1, failed: 0 }]);
    });

    it("begins nothing in its last ten seconds", async () => {
      due("one", NOW);
      await sweep(harness.services, { sessionEnd: queues, visits }, new HeldVisits(), NOW + 10_000 - 1);
      expect(isLive("one")).toBe(true);
      await sweep(harness.services, { sessionEnd: queues, visits }, new HeldVisits(), NOW + 10_000);
      expect(isLive("one")).toBe(false);
    });

    it("says what failed, and goes on with the others", async () => {
      due("bad", NOW - 1000);
      harness.put({ ...conversationItem("bad"), session: 7 });
      due("good", NOW - 500);
      await sweep(harness.services, { sessionEnd: queues, visits }, new HeldVisits(), NOW + 2 * MINUTE);
      expect(isLive("good")).toBe(false);
      expect(harness.logged).toEqual([
        { event: "visit.failed", key: "SESSION#bad", error: expect.any(Error) },
        { event: "sweep.done", due: 2, failed: 1 },
      ]);
    });

    it("asks only for its own share", async () => {
      const states: unknown[] = [];
      harness.instead = (command) => {
        if (command instanceof QueryCommand) states.push(command.input.ExpressionAttributeValues?.[":state"]);
        return undefined;
      };
      await sweep(harness.services, { sessionEnd: queues, visits }, new HeldVisits(), NOW + 2 * MINUTE, {
        part: 1,
        of: 4,
      });
      expect(states).toEqual(["DUE#1", "DUE#5"]);
    });
  });
});
