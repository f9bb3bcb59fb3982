import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "../../lib/domain/Conversation.ts";
import { HeldVisits, LONGEST_HELD } from "../../lib/expiry/HeldVisits.ts";
import { sweep } from "../../lib/expiry/sweep.ts";
import { visitFromQueue } from "../../lib/expiry/visitFromQueue.ts";
import type { Services } from "../../lib/services/Services.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { conversationItem, hookItem, keyTail, sessionItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const SECOND = 1_000;

const DEADLINE = NOW + 120 * SECOND;

/** A session's id that is in that part of the index. */
function idIn(part: number): string {
  for (let number = 0; ; number++) if (stateKey("DUE", `S${number}`) === `DUE#${part}`) return `S${number}`;
}

describe("a sweep's single steps", () => {
  let harness: StepHarness;
  let services: Services;
  let held: HeldVisits;
  let measured: unknown[];
  let sent: (readonly [session: string, delay: number | undefined])[];
  const queue = { client: new SQSClient({ region: "none" }), url: "url" };
  const queues = { sessionEnd: new Map([["crm", queue]]), visits: queue };
  beforeEach(() => {
    harness = createStepHarness(NOW);
    held = new HeldVisits();
    [measured, sent] = [[], []];
    const send = async (command: object) => {
      if (!(command instanceof SendMessageBatchCommand)) return { Attributes: {} };
      for (const { MessageBody = "", DelaySeconds } of command.input.Entries ?? [])
        for (const { sk } of JSON.parse(MessageBody).sessions) sent.push([keyTail(sk), DelaySeconds]);
      return {};
    };
    Object.assign(queue.client, { send });
    services = { ...harness.services, metrics: { put: (...metric) => void measured.push(metric) } };
  });

  /** An open session that is due at `at`, and whose conversation expires at `expiresAt`; the same unless given. */
  function open(id: string, at: number, expiresAt = at): void {
    const lease = { id, turn: "TURN#1", until: 0 };
    const conversation: Conversation = {
      ...{ session: id, startedAt: NOW, startedBy: "TURN#1", lastActivityAt: NOW, origin: "chat", lease },
      ...{ expiresAt: expiresAt / SECOND, expiresWhy: "idle" },
    };
    harness.put({ ...conversationItem(id), ...conversation });
    harness.put({
      ...{ ...sessionItem(id, id), session: id, conversation: id, platform: "http", chat: { id, type: "dm" } },
      ...{ origin: "chat", startedAt: NOW, status: "open", state: stateKey("DUE", id), at },
    });
  }
  const isSwept = (line: unknown): line is { readonly due: number } =>
    typeof line === "object" && line !== null && "due" in line;
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

  it("tells what failed, the age of the oldest hook included", async () => {
    harness.put({
      ...{ ...hookItem("S1", "crm"), session: "S1", conversation: "c", provider: "crm", status: "pending" },
      ...{ createdAt: NOW, attempts: 0, failures: [], nextAttemptAt: NOW + 500 * SECOND, redrives: 0, enqueues: 0 },
      ...{ state: stateKey("DUE", "S1"), at: NOW },
    });
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
