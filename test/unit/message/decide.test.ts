import { describe, expect, it } from "vitest";
import { decide } from "../../../lib/message/decide.ts";
import { conversation, NOW } from "./conversations.ts";

const message = { turn: "TURN#new", receivedAt: NOW, resets: false };

const expired = { expiresAt: NOW / 1000, expiresWhy: "daily" } as const;

const free = { leaseIsFree: true, isFull: false, isEmpty: false };

const held = { ...free, leaseIsFree: false };

describe("decide", () => {
  it("starts a session where there is no conversation", () => {
    expect(decide(undefined, free, message, NOW)).toEqual({ next: "start" });
    expect(decide(undefined, free, { ...message, resets: true }, NOW)).toEqual({ next: "start" });
  });

  it("continues a live session", () => {
    expect(decide(conversation(), free, message, NOW)).toEqual({ next: "continue" });
  });

  it("P7 waits for a turn that is being made", () => {
    expect(decide(conversation(), held, message, NOW)).toEqual({ next: "wait", until: NOW + 30_000 });
  });

  it("P8 lets a reset wait for that turn, too", () => {
    const decision = decide(conversation(), held, { ...message, resets: true }, NOW);
    expect(decision).toEqual({ next: "wait", until: NOW + 30_000 });
  });

  it("P7 does not end a session under a running turn, though a message comes after the deadline", () => {
    expect(decide(conversation(expired), held, message, NOW)).toMatchObject({ next: "wait" });
  });

  it("P8 waits for no lease whose time is over", () => {
    const read = conversation({ lease: { id: "l", turn: "TURN#held", until: NOW } });
    expect(decide(read, held, message, NOW)).toEqual({ next: "continue" });
    expect(decide(read, held, message, NOW - 1)).toMatchObject({ next: "wait" });
  });

  it("P4 starts a successor at the deadline, and tells the deadline's reason", () => {
    const decision = decide(conversation(expired), free, message, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "daily" } });
  });

  it("P1 keeps a fixed end in a conversation that is never free for long enough to expire", () => {
    const busy = conversation({ endsAt: NOW, expiresWhy: "max-age" });
    const decision = decide(busy, free, message, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "max-age" } });
    expect(decide(busy, free, { ...message, receivedAt: NOW - 1 }, NOW)).toEqual({ next: "continue" });
    expect(decide(busy, held, message, NOW)).toMatchObject({ next: "wait" });
  });

  it("keeps a message that was received before the deadline in the session, however late it is looked at", () => {
    const early = { ...message, receivedAt: NOW - 1 };
    expect(decide(conversation(expired), free, early, NOW + 3_600_000)).toEqual({ next: "continue" });
  });

  it("tells an expiry without a reason as idle", () => {
    const { expiresWhy: _, ...read } = conversation(expired);
    expect(decide(read, free, message, NOW)).toEqual({ next: "start", ends: { session: "OLD", reason: "idle" } });
  });

  it("P6 continues a session without a deadline for ever", () => {
    const { expiresAt: _, expiresWhy: _why, ...read } = conversation();
    expect(decide(read, free, { ...message, receivedAt: NOW * 2 }, NOW * 2)).toEqual({ next: "continue" });
  });

  it("L6 ends a session by a reset", () => {
    const { expiresAt: _, expiresWhy: _why, ...read } = conversation();
    const decision = decide(read, free, { ...message, resets: true }, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "reset" } });
  });

  it("L6 continues a session in which nothing was said yet at a reset, unless that session has expired", () => {
    const empty = { ...free, isEmpty: true };
    expect(decide(conversation(), empty, { ...message, resets: true }, NOW)).toEqual({ next: "continue" });
    expect(decide(conversation(expired), empty, { ...message, resets: true }, NOW)).toMatchObject({ next: "start" });
  });

  it("P6 tells the expiry as the reason when an expired session is reset", () => {
    const decision = decide(conversation(expired), free, { ...message, resets: true }, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "daily" } });
  });

  it("ends a full session with the next message, but not under a running turn", () => {
    const full = { ...free, isFull: true };
    expect(decide(conversation(), full, message, NOW)).toEqual({
      next: "start",
      ends: { session: "OLD", reason: "max-size" },
    });
    expect(decide(conversation(), { ...full, leaseIsFree: false }, message, NOW)).toMatchObject({ next: "wait" });
    expect(decide(conversation(), full, { ...message, resets: true }, NOW)).toMatchObject({
      ends: { reason: "reset" },
    });
  });

  it("D3 makes no second boundary by a retry of the turn that started the session", () => {
    const read = conversation({ ...expired, startedBy: message.turn });
    expect(decide(read, free, { ...message, resets: true }, NOW)).toEqual({ next: "continue" });
  });
});
