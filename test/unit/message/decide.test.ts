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

  it("P8 a reset waits for it, too", () => {
    const decision = decide(conversation(), held, { ...message, resets: true }, NOW);
    expect(decision).toEqual({ next: "wait", until: NOW + 30_000 });
  });

  it("P7 a message after the deadline does not end a session under a running turn", () => {
    expect(decide(conversation(expired), held, message, NOW)).toMatchObject({ next: "wait" });
  });

  it("P8 a lease whose time is over holds nobody up", () => {
    const read = conversation({ lease: { id: "l", turn: "TURN#held", until: NOW } });
    expect(decide(read, held, message, NOW)).toEqual({ next: "continue" });
    expect(decide(read, held, message, NOW - 1)).toMatchObject({ next: "wait" });
  });

  it("P4 a message at the deadline starts a successor, and the end has the deadline's reason", () => {
    const decision = decide(conversation(expired), free, message, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "daily" } });
  });

  it("P1 a fixed end holds in a conversation that is never free for long enough to expire", () => {
    const busy = conversation({ endsAt: NOW, expiresWhy: "max-age" });
    const decision = decide(busy, free, message, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "max-age" } });
    expect(decide(busy, free, { ...message, receivedAt: NOW - 1 }, NOW)).toEqual({ next: "continue" });
    expect(decide(busy, held, message, NOW)).toMatchObject({ next: "wait" });
  });

  it("a message received before the deadline belongs to the session, however late it is looked at", () => {
    const early = { ...message, receivedAt: NOW - 1 };
    expect(decide(conversation(expired), free, early, NOW + 3_600_000)).toEqual({ next: "continue" });
  });

  it("an expiry without a reason is told as idle", () => {
    const { expiresWhy: _, ...read } = conversation(expired);
    expect(decide(read, free, message, NOW)).toEqual({ next: "start", ends: { session: "OLD", reason: "idle" } });
  });

  it("P6 a session without a deadline goes on for ever", () => {
    const { expiresAt: _, expiresWhy: _why, ...read } = conversation();
    expect(decide(read, free, { ...message, receivedAt: NOW * 2 }, NOW * 2)).toEqual({ next: "continue" });
  });

  it("L6 a reset ends it", () => {
    const { expiresAt: _, expiresWhy: _why, ...read } = conversation();
    const decision = decide(read, free, { ...message, resets: true }, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "reset" } });
  });

  it("L6 a reset goes on with a session in which nothing was said yet, unless that has expired", () => {
    const empty = { ...free, isEmpty: true };
    expect(decide(conversation(), empty, { ...message, resets: true }, NOW)).toEqual({ next: "continue" });
    expect(decide(conversation(expired), empty, { ...message, resets: true }, NOW)).toMatchObject({ next: "start" });
  });

  it("P6 a reset of an expired session tells the expiry as the reason", () => {
    const decision = decide(conversation(expired), free, { ...message, resets: true }, NOW);
    expect(decision).toEqual({ next: "start", ends: { session: "OLD", reason: "daily" } });
  });

  it("a session that is full ends with the next message, but not under a running turn", () => {
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

  it("D3 a retry of the turn that started the session makes no second boundary", () => {
    const read = conversation({ ...expired, startedBy: message.turn });
    expect(decide(read, free, { ...message, resets: true }, NOW)).toEqual({ next: "continue" });
  });
});
