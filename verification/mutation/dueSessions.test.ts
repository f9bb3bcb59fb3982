import { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { HeldVisits } from "../../lib/expiry/HeldVisits.ts";
import { sweep } from "../../lib/expiry/sweep.ts";
import type { SessionEndQueues } from "../../lib/queues/sessionEndQueues.ts";
import type { Queue } from "../../lib/services/Services.ts";
import { conversationItem, sessionItem } from "../../lib/store/keys.ts";
import type { StepHarness } from "./createStepHarness.ts";
import { createSealingHarness, MINUTE, NOW, SESSION } from "./sealingHarness.ts";

describe("a sweep of due sessions", () => {
  let harness: StepHarness;
  let sent: unknown[];
  let queues: SessionEndQueues;
  let visits: Queue;
  beforeEach(() => {
    sent = [];
    ({ harness, queues, visits } = createSealingHarness((body) => sent.push(body)));
  });

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
