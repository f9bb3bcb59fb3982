import { beforeEach, describe, expect, it } from "vitest";
import type { Platform } from "../../lib/adapter/Platform.ts";
import type { UndeliveredJob } from "../../lib/domain/InboundJob.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { UnknownPlatform } from "../../lib/message/errors.ts";
import { pieceKey } from "../../lib/message/missingPieces.ts";
import { noteUndelivered } from "../../lib/message/noteUndelivered.ts";
import type { Services } from "../../lib/services/Services.ts";
import { stateKey } from "../../lib/store/dueIndex.ts";
import { turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const TURN: Turn = {
  ...{ sk: "TURN#1", kind: "turn", messageId: "d1", at: NOW, origin: "chat", text: "hello", reply: "one two three" },
  ...{ status: "done", enqueueId: "c1", sent: 2 },
};

describe("noting that a piece was not delivered", () => {
  let harness: StepHarness;
  let services: Services;
  let measured: unknown[];
  let meanwhile: () => void;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    [measured, meanwhile] = [[], () => {}];
    const platform: Platform = {
      receive: () => Promise.reject(new Error("not here")),
      render: (text) => {
        meanwhile();
        return text.split(" ");
      },
      send: () => Promise.reject(new Error("not here")),
    };
    services = {
      ...harness.services,
      metrics: { put: (...metric) => void measured.push(metric) },
      platform: (name) => (name === "post" ? platform : undefined),
    };
  });

  const put = (turn: Partial<Turn> & { readonly state?: string } = {}) =>
    harness.put({ ...turnItem("S1", TURN.sk), ...TURN, ...turn });
  const row = () => harness.peek(turnItem("S1", TURN.sk));
  const note = (index: number, changes: Partial<UndeliveredJob["undelivered"]> = {}, platform = "post") => {
    const news = { id: `m${index}`, key: pieceKey("S1", TURN.sk, index), session: "S1", conversation: "c" };
    const undelivered = { ...news, kind: "transient", replyTo: "to", ...changes };
    return noteUndelivered(services, { v: 1, platform, receivedAt: NOW, undelivered });
  };

  it("makes a failed reply of it, whose missing piece counts as not yet sent, and counts both", async () => {
    put({ refused: [0], tries: 3, waits: 2 });
    expect(await note(1)).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({
      ...{ reply: "one two three", sent: 1, lostIds: ["m1"], state: stateKey("UNSENT", "S1") },
      undelivered: { kind: "transient", at: NOW, platform: "post", replyTo: "to", pieces: [{ index: 1 }] },
    });
    for (const name of ["refused", "tries", "waits"]) expect(row()).not.toHaveProperty(name);
    expect(measured).toEqual([
      ["ReplyFailed", 1, "Count", { Platform: "post" }],
      ["ReplyUnsent", 1, "Count", { Platform: "post" }],
    ]);
    expect(harness.logged).toEqual([{ event: "delivery.failed", session: "S1", platform: "post", kind: "transient" }]);
  });

  it.each(["gone", "invalid"])("counts no unsent reply where it is %s", async (kind) => {
    put();
    expect(await note(1, { kind })).toEqual({ outcome: "done" });
    expect(measured).toEqual([["ReplyFailed", 1, "Count", { Platform: "post" }]]);
  });

  it("knows nothing of a piece of another turn, session or reply", async () => {
    put();
    for (const changes of [{ key: "other" }, { key: pieceKey("S2", TURN.sk, 1) }, { session: "S2" }]) {
      expect(await note(1, changes)).toEqual({ outcome: "ignored" });
    }
    expect(await note(3)).toEqual({ outcome: "ignored" });
    expect(harness.logged).toHaveLength(4);
    expect(harness.logged[0]).toEqual({
      event: "delivery.unknown",
      session: "S1",
      platform: "post",
      kind: "transient",
    });
    expect(measured).toEqual([]);
    expect(row()).not.toHaveProperty("undelivered");
  });

  it("takes the same news once, and another id's of the same piece anew", async () => {
    put();
    await note(1);
    expect(await note(1)).toEqual({ outcome: "duplicate" });
    expect(await note(1, { id: "m9", kind: "auth" })).toEqual({ outcome: "done" });
    expect(row()).toMatchObject({ lostIds: ["m1", "m9"], undelivered: { kind: "auth", pieces: [{ index: 1 }] } });
  });

  it("puts pieces that fail one after another in their order, but for those that have arrived since", async () => {
    put();
    await note(2);
    await note(0);
    await note(1);
    expect(row()).toMatchObject({ sent: 0, undelivered: { pieces: [{ index: 0 }, { index: 1 }, { index: 2 }] } });
    put({ undelivered: { kind: "auth", at: 1, pieces: [{ index: 0 }], arrivedAt: 2 } });
    await note(1);
    expect(row()).toMatchObject({ sent: 1, undelivered: { pieces: [{ index: 1 }] } });
    expect(row()?.undelivered).not.toHaveProperty("arrivedAt");
  });

  it("leaves alone what an operator has discarded, and what can't be told from the rest of the reply", async () => {
    const failure = { kind: "auth", at: 1, pieces: [{ index: 0 }] };
    for (const undelivered of [
      { ...failure, discarded: { at: 2, reason: "old" } },
      { ...failure, pieces: [{ index: 0, text: "one" }] },
    ]) {
      put({ undelivered });
      expect(await note(1)).toEqual({ outcome: "ignored" });
      expect(row()?.undelivered).toEqual(undelivered);
    }
    expect(measured).toHaveLength(2);
  });

  it.each([
    ["has failed", {}, { undelivered: { kind: "auth", at: 1, pieces: [{ index: 0 }] } }],
    [
      "has failed anew",
      { undelivered: { kind: "auth", at: 1, pieces: [{ index: 0 }] } },
      { undelivered: { kind: "auth", at: 2, pieces: [{ index: 0 }] } },
    ],
    [
      "was discarded",
      { undelivered: { kind: "auth", at: 1, pieces: [{ index: 0 }] } },
      { undelivered: { kind: "auth", at: 1, pieces: [{ index: 0 }], discarded: { at: 2, reason: "old" } } },
    ],
    ["was erased", {}, { erasedAt: 1 }],
  ] as const)("is tried again where the reply %s since it was read", async (_, read, written) => {
    put(read as Partial<Turn>);
    meanwhile = () => put(written as Partial<Turn>);
    expect(await note(1)).toEqual({ outcome: "later", at: NOW });
    expect(row()).not.toHaveProperty("lostIds");
  });

  it("waits for a config that has the platform", async () => {
    put();
    await expect(note(1, {}, "gone")).rejects.toThrow(UnknownPlatform);
  });
});
