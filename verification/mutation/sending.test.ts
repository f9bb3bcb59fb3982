import { beforeEach, describe, expect, it } from "vitest";
import { DeliveryError, type FailureKind } from "../../lib/adapter/errors.ts";
import type { OutboundChunk, Platform } from "../../lib/adapter/Platform.ts";
import type { InboundJob } from "../../lib/domain/InboundJob.ts";
import { hasWords, type Turn } from "../../lib/domain/Turn.ts";
import { UnknownPlatform } from "../../lib/message/errors.ts";
import { sendReply } from "../../lib/message/sendReply.ts";
import type { Services } from "../../lib/services/Services.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { conversationItem, turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";
import { JOB, NOW, TURN } from "./storedReply.ts";

const HOUR = 3_600_000;

describe("sending a stored reply", () => {
  let harness: StepHarness;
  let services: Services;
  let measured: unknown[];
  let sent: OutboundChunk[];
  let send: () => void;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    harness.put({ ...turnItem("S1", TURN.sk), ...TURN });
    [measured, sent, send] = [[], [], () => {}];
    const platform: Platform = {
      receive: () => Promise.reject(new Error("not here")),
      render: (text) => text.split(" "),
      send: async (chunk) => {
        send();
        sent.push(chunk);
      },
    };
    services = {
      ...harness.services,
      metrics: { put: (...metric) => void measured.push(metric) },
      platform: (name) => (name === "http" ? platform : undefined),
    };
  });
  const run = (turn: Partial<Turn> = {}, job: InboundJob = JOB, others: readonly Turn[] = []) => {
    harness.put({ ...turnItem("S1", TURN.sk), ...TURN, ...turn });
    return sendReply(
      services,
      job,
      { deadline: NOW + 60_000, number: 1, extend: async () => {} },
      "S1",
      { ...TURN, ...turn },
      others,
    );
  };
  const row = () => harness.peek(turnItem("S1", TURN.sk));
  const fail = (error: Error) => {
    send = () => {
      throw error;
    };
  };

  it("is done when all of it is out, and all but the last chunk are noted", async () => {
    expect(await run()).toEqual({ outcome: "done" });
    expect(sent.map(({ text }) => text)).toEqual(["one", "two"]);
    expect(row()).toMatchObject({ sent: 1 });
    expect(measured).toEqual([["ReplySent", 1, "Count", { Platform: "http" }]]);
  });

  it("is done at once for the agent's own message, and for a reply that can't be delivered", async () => {
    expect(await run({}, { ...JOB, message: { ...JOB.message, role: "assistant" } })).toEqual({ outcome: "done" });
    const undelivered = { kind: "gone", at: NOW, pieces: [] };
    expect(await run({ undelivered })).toEqual({ outcome: "done" });
    expect([sent, measured]).toEqual([[], []]);
  });

  it("is done, and no reply was sent, where there is none", async () => {
    const { reply: _, ...silent } = TURN;
    harness.put({ ...turnItem("S1", TURN.sk), ...silent });
    const attempt = { deadline: NOW, number: 1, extend: async () => {} };
    expect(await sendReply(services, JOB, attempt, "S1", silent, [])).toEqual({ outcome: "done" });
    expect([sent, measured]).toEqual([[], []]);
  });

  it("says which platforms there are when the reply's is not there any more", async () => {
    await expect(run({}, { ...JOB, platform: "gone" })).rejects.toThrow(new UnknownPlatform("gone", ["http"]).message);
  });

  it.each([
    [0, 2_000],
    [2, 8_000],
    [6, 120_000],
    [8, 120_000],
  ])("comes again after %i failed tries, by %i ms, and counts on", async (tries, wait) => {
    fail(new DeliveryError("transient", "busy"));
    expect(await run({ tries })).toEqual({ outcome: "later", at: NOW + wait });
    expect(measured).toEqual([["ReplyFailed", 1, "Count", { Platform: "http" }]]);
    expect(row()).toMatchObject({ tries: tries + 1, waits: 0, waitUntil: NOW + wait, reply: "one two" });
    expect(row()?.undelivered).toBeUndefined();
  });

  it("comes again after an error that the adapter should not throw, too", async () => {
    fail(new TypeError("a bug"));
    expect(await run()).toEqual({ outcome: "later", at: NOW + 2_000 });
    expect(harness.logged).toEqual([
      { event: "reply.later", session: "S1", platform: "http", kind: "bug", error: new TypeError("a bug") },
    ]);
  });

  it("keeps the platform's wait also where it can't be noted", async () => {
    fail(new DeliveryError("throttled", "busy", { retryAfter: HOUR }));
    harness.instead = () => {
      throw new Error("the table is away");
    };
    expect(await run()).toEqual({ outcome: "later", at: NOW + HOUR });
    expect(harness.logged.at(-1)).toMatchObject({ event: "reply.unnoted", session: "S1", platform: "http" });
  });

  it("comes again after what the platform asks for, if that is longer, which is no failed try", async () => {
    fail(new DeliveryError("throttled", "busy", { retryAfter: 12 * HOUR }));
    expect(await run()).toEqual({ outcome: "later", at: NOW + 12 * HOUR });
    expect(row()).toMatchObject({ tries: 0, waits: 1, waitUntil: NOW + 12 * HOUR });
    fail(new DeliveryError("auth", "who are you", { retryAfter: 1 }));
    expect(await run()).toEqual({ outcome: "later", at: NOW + 2_000 });
  });

  it("makes no call before the time that the platform asked for, for this reply or one before it", async () => {
    expect(await run({ waitUntil: NOW + 1 })).toEqual({ outcome: "later", at: NOW + 1 });
    expect(await run({}, JOB, [{ ...TURN, waitUntil: NOW + 12 * HOUR }])).toEqual({
      outcome: "later",
      at: NOW + 12 * HOUR,
    });
    expect(sent).toEqual([]);
    expect(await run({ waitUntil: NOW })).toEqual({ outcome: "done" });
    expect(sent).toHaveLength(2);
  });

  it("leaves it to an operator when the platform asks for more than twelve hours, or did for a reply before", async () => {
    fail(new DeliveryError("throttled", "busy", { retryAfter: 12 * HOUR + 1 }));
    expect(await run()).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({
      ...{ state: stateKey("UNSENT", "S1"), waitUntil: NOW + 12 * HOUR + 1 },
      undelivered: { kind: "throttled", at: NOW, platform: "http", replyTo: "to" },
    });
    expect(measured.at(-1)).toEqual(["ReplyUnsent", 1, "Count", { Platform: "http" }]);

    expect(await run({}, JOB, [{ ...TURN, waitUntil: NOW + 12 * HOUR + 1 }])).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({ undelivered: { kind: "throttled" }, state: expect.any(String) });
  });

  it.each<[FailureKind | "bug", Partial<Turn>]>([
    ["transient", { tries: 9 }],
    ["auth", { tries: 9 }],
    ["bug", { tries: 9 }],
    ["throttled", { waits: 19 }],
  ])("leaves it to an operator after the last try or wait: %s", async (kind, turn) => {
    fail(
      kind === "bug"
        ? new TypeError("a bug")
        : new DeliveryError(kind, "no", { retryAfter: 500_000 * (turn.waits ? 1 : 0) }),
    );
    expect(await run(turn)).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({ undelivered: { kind, platform: "http" }, state: stateKey("UNSENT", "S1") });
    expect(row()?.tries).toBeUndefined();
    expect(row()?.waits).toBeUndefined();
  });

  it("drops a piece that is refused for itself, and sends those behind it", async () => {
    send = () => {
      if (sent.length > 0 || refusals++ > 0) return;
      throw new DeliveryError("invalid", "no such letter");
    };
    let refusals = 0;
    live();
    expect(await run({ notice: "hear ye" })).toEqual({ outcome: "done" });
    expect(sent.map(({ text }) => text)).toEqual(["ye", "one", "two"]);
    expect(row()).toMatchObject({
      ...{ reply: "one two", sent: 4, refused: [0] },
      undelivered: { kind: "invalid", pieces: [{ index: 0, text: "hear" }] },
    });
    expect(row()?.state).toBeUndefined();
  });

  it("ends at a piece by which the chat is gone, and of a live session only what arrived was said", async () => {
    send = () => {
      if (sent.length === 1) throw new DeliveryError("gone", "no such chat");
    };
    live();
    expect(await run({ reply: "one two three" })).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({ reply: "one", undelivered: { kind: "gone", at: NOW } });
    expect(row()?.undelivered).toMatchObject({
      pieces: [
        { index: 1, text: "two" },
        { index: 2, text: "three" },
      ],
    });
    expect(row()?.state).toBeUndefined();
    expect(hasWords(row() ?? {})).toBe(true);
  });

  it("has said nothing when nothing arrived", async () => {
    fail(new DeliveryError("gone", "no such chat"));
    live();
    for (const turn of [{}, { notice: "hear" }]) {
      await run({ origin: "scheduled", ...turn });
      expect(row()).not.toHaveProperty("reply");
      expect(hasWords(row() ?? {})).toBe(false);
    }
  });

  it("leaves the words of a session that is not live any more, and says which pieces did not arrive", async () => {
    fail(new DeliveryError("gone", "no such chat"));
    live("S2");
    await run();
    expect(row()).toMatchObject({ reply: "one two", undelivered: { kind: "gone", at: NOW } });
    expect(row()?.undelivered).toMatchObject({ pieces: [{ index: 0 }, { index: 1 }] });
  });

  it("changes nothing where another attempt is further, has settled it, or the same write was repeated", async () => {
    fail(new DeliveryError("gone", "no such chat"));
    live();
    const stale = { deadline: NOW + 60_000, number: 1, extend: async () => {} };
    for (const newer of [{ sent: 1 }, { undelivered: { kind: "auth", at: 1, pieces: [] } }]) {
      harness.put({ ...turnItem("S1", TURN.sk), ...TURN, ...newer });
      expect(await sendReply(services, JOB, stale, "S1", TURN, [])).toEqual({ outcome: "later", at: NOW });
      expect(row()).toMatchObject({ ...TURN, ...newer });
    }
    fail(new DeliveryError("transient", "busy"));
    expect(await sendReply(services, JOB, stale, "S1", TURN, [])).toEqual({ outcome: "later", at: NOW });
    expect(row()).not.toHaveProperty("tries");
  });

  it("begins no further piece that could not be noted before the function's end", async () => {
    send = () => {
      harness.now += 50_000;
    };
    expect(await run()).toEqual({ outcome: "later", at: NOW + 50_000 });
    expect(row()).toMatchObject({ sent: 1 });
  });

  /** The conversation names a session. */
  function live(session = "S1"): void {
    harness.put({ ...conversationItem("default/http/7//"), session });
  }
});
