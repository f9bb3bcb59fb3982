import { SQSClient } from "@aws-sdk/client-sqs";
import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Conversation } from "../../lib/domain/Conversation.ts";
import { sweep } from "../../lib/expiry/sweep.ts";
import type { Services } from "../../lib/services/Services.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { conversationItem, hookItem, sessionItem } from "../../lib/store/keys.ts";
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
  let measured: unknown[];
  let waited: number[];
  let sleepers: { readonly time: number; readonly wake: () => void }[];
  const queue = { client: new SQSClient({ region: "none" }), url: "url" };
  const queues = new Map([["crm", queue]]);
  beforeEach(() => {
    harness = createStepHarness(NOW);
    [measured, waited, sleepers] = [[], [], []];
    Object.assign(queue.client, { send: async () => ({ Attributes: {} }) });
    services = {
      ...harness.services,
      metrics: { put: (...metric) => void measured.push(metric) },
      clock: {
        now: () => harness.now,
        until: (time) => {
          waited.push(time);
          return time <= harness.now ? Promise.resolve() : new Promise((wake) => sleepers.push({ time, wake }));
        },
      },
    };
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
  /** Time passes when everybody waits. */
  async function run(): Promise<void> {
    let isDone = false;
    const done = sweep(services, queues, DEADLINE).finally(() => {
      isDone = true;
    });
    while (!isDone) {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      sleepers.sort((a, b) => b.time - a.time);
      const next = sleepers.pop();
      harness.now = next?.time ?? harness.now;
      next?.wake();
    }
    await done;
  }
  const ended = () => waited.map((time) => (time - NOW) / SECOND);

  it("visits what is due in the order of time, whichever part of the index it is in", async () => {
    const times = [50, 10, 30, 20, 40, 5, 59, 1];
    // One for each part, as the table shows two items a page.
    const ids = Array.from({ length: 8 }, (_, part) => idIn(part));
    for (const [number, second] of times.entries()) open(ids[number] ?? "", NOW + second * SECOND);
    await run();
    expect(ended()).toEqual([1, 5, 10, 20, 30, 40, 50, 59]);
    for (const id of ids) expect(harness.peek(conversationItem(id))).toBeUndefined();
    expect(harness.logged.at(-1)).toEqual({ event: "sweep.done", due: 8, failed: 0 });
  });

  it("visits again, in its place, what is due again before the next sweep, and nothing else", async () => {
    const [a = "", b = "", c = "", d = "", e = "", f = ""] = [0, 1, 2, 3, 4, 5].map(idIn);
    open(a, NOW, NOW + 20 * SECOND);
    open(b, NOW, NOW + 10 * SECOND);
    open(c, NOW, NOW + 60 * SECOND);
    open(d, NOW + 15 * SECOND);
    open(e, NOW + 20 * SECOND);
    open(f, NOW + 30 * SECOND);
    await run();
    expect(ended()).toEqual([0, 0, 0, 15, 20, 30, 10, 20]);
    expect(harness.peek(conversationItem(c))).toBeDefined();
    expect(harness.peek(sessionItem(c, c))).toMatchObject({ at: NOW + 60 * SECOND });
    for (const id of [a, b, d, e, f]) expect(harness.peek(conversationItem(id))).toBeUndefined();
  });

  it("says which part it is, where there are several", async () => {
    await sweep(services, queues, DEADLINE, { part: 1, of: 2 });
    await sweep(services, queues, DEADLINE, { part: 0, of: 1 });
    await sweep(services, queues, DEADLINE);
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
    await sweep(services, queues, DEADLINE);
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
