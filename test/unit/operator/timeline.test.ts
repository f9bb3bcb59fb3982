import { expect, it } from "vitest";
import type { Conversation } from "../../../lib/domain/Conversation.ts";
import type { Hook } from "../../../lib/domain/Hook.ts";
import type { Turn } from "../../../lib/domain/Turn.ts";
import type { ShownSession } from "../../../lib/operator/findSession.ts";
import { timeline } from "../../../lib/operator/timeline.ts";

const AT = Date.parse("2026-03-02T10:00:00Z");

const turn = (seconds: number, change: Partial<Turn>): Turn => ({
  ...{
    sk: "TURN#",
    kind: "turn",
    messageId: "d",
    at: AT + seconds * 1000,
    origin: "chat",
    status: "done",
    enqueueId: "c",
  },
  ...{ sent: 0, user: { id: "agent", name: "agent" }, repliedAt: AT + seconds * 1000 + 500 },
  ...change,
});

const hook: Hook = {
  ...{ session: "S", conversation: "t/http/c//", provider: "crm", status: "delivered", createdAt: AT + 64_000 },
  ...{ attempts: 2, nextAttemptAt: AT + 70_000, redrives: 1, enqueues: 0, redrivenAt: [AT + 90_000] },
  failures: [{ at: AT + 65_000, took: 12, kind: "auth", status: 401, message: "no", body: "who?" }],
  ...{ deliveredAt: AT + 91_000, receipt: { status: 200, body: "kept" } },
};

const shown: ShownSession = {
  session: {
    ...{ session: "S", conversation: "t/http/c//", platform: "http", chat: { id: "c", type: "dm" }, origin: "chat" },
    ...{ startedAt: AT, status: "ended", reason: "idle", endedAt: AT + 60_000, turns: 2 },
  },
  turns: [
    turn(1, { text: "hello", reply: "hi", notice: "A new conversation." }),
    turn(2, {
      text: "again",
      reply: "Sorry",
      status: "failed",
      undelivered: { kind: "blocked", at: AT + 2_600, pieces: [] },
    }),
    turn(3, { kind: "command", command: "memory off", reply: "Off." }),
    turn(4, { origin: "scheduled", text: "report", reply: "Here." }),
  ],
  hooks: [hook],
};

it("tells a session from its start to its last hook, with speakers that no name can fake", () => {
  const events = timeline(shown);
  expect(events.map(({ what, speaker, text }) => [what, speaker, text].filter(Boolean).join(" "))).toEqual([
    "started",
    "said user hello",
    "said gateway A new conversation.",
    "said agent hi",
    "said user again",
    "said gateway Sorry",
    "undelivered blocked",
    "command user /memory off",
    "said gateway Off.",
    "said schedule report",
    "said agent Here.",
    "ended idle",
    "sealed",
    "failed no",
    "redriven",
    "delivered kept",
  ]);
  expect(events.find(({ what }) => what === "sealed")).toMatchObject({ at: "2026-03-02T10:01:04.000Z", late: 4_000 });
  expect(events.find(({ what }) => what === "failed")).toMatchObject({
    ...{ provider: "crm", took: 12, kind: "auth", status: 401, body: "who?", group: expect.stringMatching(/^\w{8}$/) },
  });
});

it("tells what comes next of a pending or accepted hook, and why another was skipped or given up", () => {
  const { deliveredAt: _, receipt: __, redrivenAt: ___, ...fresh } = { ...hook, failures: [] };
  const last = (change: Partial<Hook>) => timeline({ ...shown, turns: [], hooks: [{ ...fresh, ...change }] }).slice(-1);
  expect(last({ status: "pending" })).toMatchObject([{ what: "next-attempt", at: "2026-03-02T10:01:10.000Z" }]);
  const accepted = { attempts: 2, ticket: "{}", heardAt: AT + 66_000 };
  const acceptance = { at: "2026-03-02T10:01:06.000Z", what: "accepted", provider: "crm" };
  const working: Partial<Hook> = { accepted, acceptedAt: AT + 66_000, receipt: { id: "op-1" } };
  const { nextAttemptAt } = hook;
  expect(timeline({ ...shown, turns: [], hooks: [{ ...fresh, ...working, status: "pending" }] }).slice(-2)).toEqual([
    { ...acceptance, text: "op-1" },
    { at: new Date(nextAttemptAt).toISOString(), what: "next-attempt", provider: "crm" },
  ]);
  const done = { acceptedAt: AT + 66_000, deliveredAt: AT + 91_000, receipt: { id: "m-1" } };
  expect(timeline({ ...shown, turns: [], hooks: [{ ...fresh, ...done }] }).slice(-2)).toEqual([
    { ...acceptance, text: "" },
    { at: "2026-03-02T10:01:31.000Z", what: "delivered", provider: "crm", text: "m-1" },
  ]);
  expect(last({ status: "skipped", skipped: "memory-off" })).toMatchObject([{ what: "skipped", text: "memory-off" }]);
  const discarded = { at: AT + 99_000, by: "ann", why: "closed", was: "dead" } as const;
  expect(last({ status: "skipped", discarded })).toMatchObject([{ what: "discarded", name: "ann", text: "closed" }]);
});

it("tells when a live session will end", () => {
  const { endedAt: _, reason: __, turns: ___, ...session } = shown.session;
  const live: Conversation = {
    ...{
      session: "S",
      startedAt: AT,
      startedBy: "d",
      expiresAt: AT / 1000 + 60,
      expiresWhy: "daily",
      lastActivityAt: AT,
    },
    ...{ lease: { id: "l", turn: "t", until: 0 }, origin: "chat" },
  };
  expect(timeline({ session: { ...session, status: "open" }, live, turns: [], hooks: [] })).toMatchObject([
    { what: "started" },
    { what: "ends", text: "daily", at: "2026-03-02T10:01:00.000Z" },
  ]);
});
