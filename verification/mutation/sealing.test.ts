import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { Logger } from "../../lib/domain/observability.ts";
import { sealSession } from "../../lib/expiry/sealSession.ts";
import type { SessionEndQueues } from "../../lib/queues/sessionEndQueues.ts";
import { hookItem, turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";
import { createSealingHarness, MINUTE, NOW, ROW, SESSION } from "./sealingHarness.ts";

const HOOK = hookItem("S1", "crm");

describe("sealing", () => {
  let harness: StepHarness;
  let sent: unknown[];
  let queues: SessionEndQueues;
  beforeEach(() => {
    sent = [];
    ({ harness, queues } = createSealingHarness((body) => sent.push(body)));
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
});
