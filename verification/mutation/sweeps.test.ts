import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { HeldVisits, LONGEST_HELD } from "../../lib/expiry/HeldVisits.ts";
import { sweep } from "../../lib/expiry/sweep.ts";
import { visitFromQueue } from "../../lib/expiry/visitFromQueue.ts";
import type { Services } from "../../lib/services/Services.ts";
import { conversationItem, keyTail, sessionItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";
import { isSwept } from "./isSwept.ts";
import { idIn, putOpenSession, putPendingHook } from "./putDue.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const SECOND = 1_000;

const DEADLINE = NOW + 120 * SECOND;

describe("a sweep's single steps", () => {
  let harness: StepHarness;
  let services: Services;
  let held: HeldVisits;
  let measured: unknown[];
  let sent: (readonly [session: string, delay: number | undefined])[];
  const queue = { client: new SQSClient({ region: "none" }), url: "url" };
  const queues = { sessionEnd: new Map([["crm", queue]]), visits: queue };
  const start = (pageSize?: number) => {
    harness = createStepHarness(NOW, {}, pageSize);
    services = { ...harness.services, metrics: { put: (...metric) => void measured.push(metric) } };
  };
  beforeEach(() => {
    held = new HeldVisits();
    [measured, sent] = [[], []];
    const send = async (command: object) => {
      if (!(command instanceof SendMessageBatchCommand)) return { Attributes: {} };
      for (const { MessageBody = "", DelaySeconds } of command.input.Entries ?? [])
        for (const { sk } of JSON.parse(MessageBody).sessions) sent.push([keyTail(sk), DelaySeconds]);
      return {};
    };
    Object.assign(queue.client, { send });
    start();
  });

  const open = (id: string, at: number, expiresAt = at) => putOpenSession(harness, NOW, { id, at, expiresAt });
  const putHook = (at: number) => putPendingHook(harness, NOW, at);
  const isLive = (id: string) => harness.peek(conversationItem(id)) !== undefined;

  it("queues what falls due within the minute for its moment, in the order of time, and ends only what is due", async () => {
    const times = [50, 10.5, 30, 0, -5, 60, 59.999, 1];
    // One for each part, as the table shows two items a page.
    const ids = Array.from({ length: 8 }, (_, part) => idIn(part));
    for (const [number, second] of times.entries()) open(ids[number] ?? "", NOW + second * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(sent).toEqual([7, 1, 2, 0, 6].map((part, index) => [ids[part], [5, 15, 30, 50, 60][index]]));
    expect(ids.map(isLive)).toEqual([true, true, true, false, false, true, true, true]);
    expect(harness.logged.at(-1)).toEqual({ event: "sweep.done", due: 2, failed: 0 });
  });

  it("queues what is due again before the next sweep, and nothing else", async () => {
    const [a = "", b = "", c = ""] = [0, 1, 2].map(idIn);
    open(a, NOW, NOW + 20 * SECOND);
    open(b, NOW, NOW + 10 * SECOND);
    open(c, NOW, NOW + 60 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(sent.toSorted()).toEqual(
      [
        [a, 20],
        [b, 10],
      ].toSorted(),
    );
    expect([a, b, c].map(isLive)).toEqual([true, true, true]);
  });

  it("moves in the table what goes on for longer than half an hour, to the millisecond, and nothing else", async () => {
    const [a = "", b = ""] = [0, 1].map(idIn);
    open(a, NOW, NOW + LONGEST_HELD);
    harness.now = NOW - 1;
    open(b, NOW - 1, NOW + LONGEST_HELD);
    await sweep(services, queues, held, DEADLINE);
    harness.now = NOW;
    await sweep(services, queues, held, DEADLINE);
    expect(harness.peek(sessionItem(a, a))).toMatchObject({ at: NOW });
    expect(harness.peek(sessionItem(b, b))).toMatchObject({ at: NOW + LONGEST_HELD });
  });

  it("remembers nothing of what it has moved, and moves each where it remembers as many as it may", async () => {
    const [a = "", b = ""] = [0, 1].map(idIn);
    open(a, NOW, NOW + LONGEST_HELD + SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(held.dueAt({ ...sessionItem(a, a), at: NOW })).toBe(NOW);
    for (let number = 0; number < 4_000; number++) held.hold({ pk: "", sk: String(number), at: 0 }, DEADLINE);
    open(b, NOW, NOW + 90 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(harness.peek(sessionItem(b, b))).toMatchObject({ at: NOW + 90 * SECOND });
  });

  it("ends all that is due, however many pages of a part that takes", async () => {
    const ids: string[] = [];
    while (ids.length < 5) ids.push(idIn(3, Number(ids.at(-1)?.slice(1) ?? -1) + 1));
    for (const [number, id] of ids.entries()) open(id, NOW - number * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(ids.map(isLive)).toEqual([false, false, false, false, false]);
    expect(harness.logged.at(-1)).toEqual({ event: "sweep.done", due: 5, failed: 0 });
  });

  it("begins no visit in its last ten seconds, and queues nothing, however much it has found", async () => {
    start(100);
    for (let number = 0; number < 20; number++) open(`S${number}`, NOW);
    const end = DEADLINE - 10 * SECOND;
    harness.instead = (command) => {
      if (command instanceof GetCommand) harness.now = end + 1;
      return undefined;
    };
    await sweep(services, queues, held, DEADLINE);
    expect(harness.logged.at(-1)).toEqual({ event: "sweep.done", due: 1, failed: 0 });
    open("soon", end + 30 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(sent).toEqual([]);
  });

  it("has room for others once what it remembers is due", async () => {
    for (let number = 0; number < 4_000; number++) held.hold({ pk: "", sk: String(number), at: 0 }, NOW);
    expect(held.longest).toBe(0);
    await sweep(services, queues, held, DEADLINE);
    expect(held.longest).toBe(LONGEST_HELD);
  });

  it("leaves to the next sweep what is due in the minute's last moment, as far as it remembers", async () => {
    const a = idIn(0);
    open(a, NOW, NOW + 60 * SECOND);
    held.hold({ ...sessionItem(a, a), at: NOW }, NOW + 60 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(sent).toEqual([]);
  });

  it("says so where what is due again can't be queued", async () => {
    open(idIn(0), NOW, NOW + 20 * SECOND);
    Object.assign(queue.client, { send: async () => ({ Failed: [{ Id: "0", Code: "InternalError" }] }) });
    await sweep(services, queues, held, DEADLINE);
    expect(harness.logged).toEqual([
      { event: "visit.failed", key: "what is due anew", error: expect.any(Error) },
      { event: "sweep.done", due: 1, failed: 1 },
    ]);
  });

  it("visits what it has seen going on when it is due indeed, by the queue, and another process at once", async () => {
    const a = idIn(0);
    const visits = () => harness.logged.flatMap((line) => (isSwept(line) ? [line.due] : []));
    open(a, NOW, NOW + 150 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    harness.now = NOW + 60 * SECOND;
    await sweep(services, queues, held, DEADLINE + 60 * SECOND);
    await sweep(services, queues, new HeldVisits(), DEADLINE + 60 * SECOND);
    expect([visits(), sent]).toEqual([[1, 0, 1], []]);
    harness.now = NOW + 120 * SECOND;
    await sweep(services, queues, held, DEADLINE + 120 * SECOND);
    expect([visits(), sent]).toEqual([[1, 0, 1, 0], [[a, 30]]]);
    harness.now = NOW + 150 * SECOND;
    await sweep(services, queues, held, DEADLINE + 150 * SECOND);
    expect([visits(), isLive(a)]).toEqual([[1, 0, 1, 0, 1], false]);
  });

  it("visits at once what somebody has made due at another time than was seen", async () => {
    const a = idIn(0);
    open(a, NOW, NOW + 600 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    open(a, NOW + 20 * SECOND);
    harness.now = NOW + 60 * SECOND;
    await sweep(services, queues, held, DEADLINE + 60 * SECOND);
    expect(isLive(a)).toBe(false);
  });

  it("ends at its moment what the queue brings, and queues again what has moved within the minute", async () => {
    const [a = "", b = "", c = ""] = [0, 1, 2].map(idIn);
    open(a, NOW);
    open(b, NOW, NOW + 59 * SECOND);
    open(c, NOW, NOW + 60 * SECOND);
    const bring = (id: string) => ({ body: JSON.stringify({ v: 1, sessions: [sessionItem(id, id)] }) }) as SQSRecord;
    await visitFromQueue(services, queues, [a, b, c].map(bring));
    expect([a, b, c].map(isLive)).toEqual([false, true, true]);
    expect(sent).toEqual([[b, 60]]);
  });

  it("leaves a visit that fails to the next sweep, and makes the others of its batch", async () => {
    const [a = "", b = ""] = [0, 1].map(idIn);
    open(a, NOW);
    const records = [
      { messageId: "m1", body: "{" },
      { messageId: "m2", body: JSON.stringify({ v: 1, sessions: [sessionItem(b, b), sessionItem(a, a)] }) },
    ] as SQSRecord[];
    harness.put({ ...conversationItem(b), session: 7 });
    await visitFromQueue(services, queues, records);
    expect(isLive(a)).toBe(false);
    const failed = { event: "visit.failed", error: expect.any(Error) };
    expect(harness.logged).toEqual([
      { ...failed, key: "m1" },
      { ...failed, key: `SESSION#${b}` },
    ]);
    expect(measured).toEqual(Array(2).fill(["VisitFailed", 1, "Count"]));
  });

  it("makes its visits where the queue takes nothing, and says so", async () => {
    const [a = "", b = ""] = [0, 1].map(idIn);
    open(a, NOW);
    open(b, NOW + SECOND);
    Object.assign(queue.client, { send: async () => ({ Failed: [{ Id: "0", Code: "InternalError" }] }) });
    await sweep(services, queues, held, DEADLINE);
    expect([a, b].map(isLive)).toEqual([false, true]);
    expect(harness.logged).toEqual([
      { event: "visit.failed", key: "what is due within a minute", error: expect.any(Error) },
      { event: "sweep.done", due: 1, failed: 1 },
    ]);
  });

  it("says which part it is, where there are several", async () => {
    await sweep(services, queues, held, DEADLINE, { part: 1, of: 2 });
    await sweep(services, queues, held, DEADLINE, { part: 0, of: 1 });
    await sweep(services, queues, held, DEADLINE);
    expect(measured).toEqual([
      ["SweepDone", 1, "Count", { Part: "1" }],
      ["SweepDone", 1, "Count", {}],
      ["SweepDone", 1, "Count", {}],
    ]);
  });

  it("queues no hook, which is visited when it is due", async () => {
    putHook(NOW + 30 * SECOND);
    await sweep(services, queues, held, DEADLINE);
    expect(sent).toEqual([]);
    expect(harness.logged).toEqual([{ event: "sweep.done", due: 0, failed: 0 }]);
  });

  it("tells what failed, the age of the oldest hook included", async () => {
    putHook(NOW);
    let updates = 0;
    harness.instead = (command) =>
      command instanceof UpdateCommand && ++updates > 1 ? Promise.reject(new Error("down")) : undefined;
    await sweep(services, queues, held, DEADLINE);
    expect(harness.logged).toEqual([
      { event: "visit.failed", key: "the oldest hook", error: new Error("down") },
      { event: "sweep.done", due: 1, failed: 1 },
    ]);
    expect(measured).toEqual([
      ["OldestUnfinishedHookAge", 0, "Seconds"],
      ["VisitFailed", 1, "Count"],
      ["SweepDone", 1, "Count", {}],
    ]);
  });
});
