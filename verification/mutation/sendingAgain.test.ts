import { beforeEach, describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { Platform } from "../../lib/adapter/Platform.ts";
import { takeJob } from "../../lib/message/takeJob.ts";
import type { Services } from "../../lib/services/Services.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { conversationItem, turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const DAY = 86_400_000;

const KEY = turnItem("S1", "TURN#1");

/** A reply of three words, the first of which has arrived. */
const TURN = {
  ...{ ...KEY, kind: "turn", messageId: "d1", at: NOW, origin: "chat", text: "hello", reply: "one", conversation: "c" },
  ...{ status: "done", enqueueId: "c1", sent: 1, state: stateKey("UNSENT", "S1") },
};

const FAILURE = { kind: "auth", at: NOW - 1, platform: "http", replyTo: "to" };

const TEXTS = [
  { index: 1, text: "two" },
  { index: 2, text: "three" },
];

describe("sending a failed reply again", () => {
  let harness: StepHarness;
  let services: Services;
  let sent: string[];
  let most: number;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    [sent, most] = [[], Number.POSITIVE_INFINITY];
    const platform: Platform = {
      receive: () => Promise.reject(new Error("not here")),
      render: (text) => text.split(" "),
      send: async ({ text }) => {
        if (sent.length >= most) throw new DeliveryError("throttled", "tomorrow", { retryAfter: DAY });
        sent.push(text);
      },
    };
    services = { ...harness.services, platform: (name) => (name === "http" ? platform : undefined) };
  });

  /** Sends it while the conversation names that session. */
  const run = (live: string) => {
    harness.put({ ...conversationItem("c"), session: live });
    harness.put({ ...TURN, undelivered: { ...FAILURE, pieces: TEXTS } });
    const resend = { session: "S1", turn: "TURN#1", failedAt: FAILURE.at };
    const attempt = { deadline: NOW + 60_000, number: 1, extend: async () => {} };
    return takeJob(services, { v: 1, resend }, attempt);
  };
  const row = () => harness.peek(KEY);

  it("adds what arrives now to what has arrived before, and nothing is missing any more", async () => {
    expect(await run("S1")).toEqual({ outcome: "done" });
    expect(sent).toEqual(["two", "three"]);
    expect(row()).toMatchObject({ reply: "one\ntwo\nthree", sent: 3 });
    expect(row()).not.toHaveProperty("undelivered");
  });

  it("adds the part that arrives, and leaves the rest to an operator anew", async () => {
    most = 1;
    expect(await run("S1")).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({
      ...{ reply: "one\ntwo", sent: 2, state: TURN.state, waitUntil: NOW + DAY },
      undelivered: { kind: "throttled", at: NOW, pieces: [{ index: 2, text: "three" }] },
    });
  });

  it("keeps each missing piece's own words when it fails anew after its session's end", async () => {
    most = 0;
    expect(await run("S2")).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({ reply: "one", undelivered: { kind: "throttled", at: NOW, pieces: TEXTS } });
  });
});
