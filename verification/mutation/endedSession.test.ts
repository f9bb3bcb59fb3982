import { beforeEach, describe, expect, it } from "vitest";
import type { Hook } from "../../lib/domain/Hook.ts";
import { jobOf } from "../../lib/domain/HookJob.ts";
import type { Services } from "../../lib/services/Services.ts";
import { loadEndedSession } from "../../lib/session-end/loadEndedSession.ts";
import { sessionItem, turnItem } from "../../lib/store/keys.ts";
import { createStepHarness, type StepHarness } from "./createStepHarness.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const HOOK: Hook = {
  session: "S1",
  conversation: "c",
  provider: "crm",
  status: "pending",
  createdAt: NOW,
  attempts: 0,
  failures: [],
  nextAttemptAt: NOW,
  redrives: 0,
  enqueues: 0,
};

const TURN = {
  sk: "TURN#1",
  kind: "turn",
  messageId: "d",
  at: NOW,
  origin: "chat",
  status: "done",
  enqueueId: "c",
  sent: 0,
};

const SESSION = { session: "S1", conversation: "c", platform: "http", chat: { id: "7", type: "dm" }, startedAt: NOW };

const ENDED = { status: "ended", reason: "idle", endedAt: NOW, turns: 1, origin: "chat" };

describe("the ledger's single steps", () => {
  let harness: StepHarness;
  let services: Services;
  beforeEach(() => {
    harness = createStepHarness(NOW);
    services = harness.services;
  });

  const put = (item: object) => harness.put(item);

  describe("a sealed session", () => {
    const load = async () => (await loadEndedSession(services, jobOf(HOOK))).session;
    const putTurn = (sk: string, more: object = {}) =>
      put({ ...turnItem("S1", sk), ...TURN, sk, text: "hello", ...more });

    it("is loaded whole, each person once, in order of appearance", async () => {
      put({ ...sessionItem("c", "S1"), ...SESSION, ...ENDED, turns: 3 });
      putTurn("TURN#1", { user: { id: "ann" } });
      putTurn("TURN#2", { user: { id: "bob", name: "Bob" }, reply: "hi", repliedAt: NOW + 1 });
      putTurn("TURN#3", { user: { id: "ann", name: "Ann" } });
      putTurn("TURN#4", { kind: "command", command: "reset" });
      expect(await load()).toEqual({
        ...{ tenant: "default", session: "S1", conversation: "c", platform: "http", chat: SESSION.chat },
        ...{
          users: [{ id: "ann" }, { id: "bob", name: "Bob" }],
          reason: "idle",
          startedAt: NOW,
          endedAt: NOW,
          turns: 3,
        },
        messages: [
          { role: "user", content: "hello", author: { id: "ann" }, at: NOW },
          { role: "user", content: "hello", author: { id: "bob", name: "Bob" }, at: NOW },
          { role: "assistant", content: "hi", at: NOW + 1 },
          { role: "user", content: "hello", author: { id: "ann", name: "Ann" }, at: NOW },
        ],
      });
    });

    it("can't be delivered, ever, without a row", async () => {
      await expect(load()).rejects.toMatchObject({
        ...{ name: "TranscriptError", retry: false, message: "session S1 has no row; its retention may be over" },
      });
    });

    it.each([
      [{ ...ENDED, status: "open" }],
      [{ ...ENDED, reason: undefined }],
      [{ ...ENDED, endedAt: undefined }],
      [{ ...ENDED, turns: undefined }],
    ])("is none while it is not sealed yet: %j", async (state) => {
      put({ ...sessionItem("c", "S1"), ...SESSION, ...state });
      putTurn("TURN#1");
      await expect(load()).rejects.toMatchObject({ retry: true, message: "session S1 is not sealed yet" });
    });

    it("is not delivered yet while it lacks a turn", async () => {
      put({ ...sessionItem("c", "S1"), ...SESSION, ...ENDED, turns: 2 });
      putTurn("TURN#1");
      const message = "session S1 was sealed with 2 turns, but has 1";
      await expect(load()).rejects.toMatchObject({ retry: true, message });
    });

    it("can't be delivered, ever, without words", async () => {
      put({ ...sessionItem("c", "S1"), ...SESSION, ...ENDED });
      putTurn("TURN#1", { text: undefined });
      await expect(load()).rejects.toMatchObject({ retry: false, message: "session S1 has turns, but no words" });
    });
  });
});
