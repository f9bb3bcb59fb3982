import { describe, expect, it } from "vitest";
import { DeliveryError, HttpError } from "../../../lib/adapter/errors.ts";
import { afterAgentFailure, isSpent, kindOf } from "../../../lib/message/askAgent.ts";
import { AgentLate } from "../../../lib/message/errors.ts";

const NOW = Date.UTC(2026, 2, 2, 10);

const attempts = { begun: 1, failed: 0, firstAt: NOW, session: "S" };

const busy = (retryAfter?: number) =>
  new DeliveryError("throttled", "no", retryAfter === undefined ? {} : { retryAfter });

describe("afterAgentFailure", () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [5, 32_000],
    [6, 60_000],
    [100, 60_000],
  ])("makes the next attempt after %i failures in %i ms", (failed, wait) => {
    const next = afterAgentFailure({ ...attempts, begun: failed + 1, failed }, busy(), NOW);
    expect(next).toEqual({ ...attempts, begun: failed + 1, failed: failed + 1, nextAt: NOW + wait, kind: "throttled" });
  });

  it("waits as long as it is asked to, where that is longer", () => {
    expect(afterAgentFailure(attempts, busy(500), NOW)?.nextAt).toBe(NOW + 1_000);
    expect(afterAgentFailure(attempts, busy(90_000), NOW)?.nextAt).toBe(NOW + 90_000);
  });

  it("tries again up to fifteen minutes after the first attempt, and not later", () => {
    const first = { ...attempts, firstAt: NOW - 15 * 60_000 + 1_000 };
    expect(afterAgentFailure(first, busy(), NOW)?.nextAt).toBe(NOW + 1_000);
    expect(afterAgentFailure(first, busy(), NOW + 1)).toBeUndefined();
    expect(afterAgentFailure(attempts, busy(15 * 60_000 + 1), NOW)).toBeUndefined();
  });

  it("asks an agent that takes too long three times, however often it failed before", () => {
    const late = new AgentLate(50_000);
    expect(afterAgentFailure(attempts, late, NOW)).toEqual({ ...attempts, nextAt: NOW + 1_000, kind: "AgentLate" });
    expect(afterAgentFailure({ ...attempts, begun: 7, failed: 5 }, late, NOW)).toMatchObject({ begun: 7, failed: 5 });
    expect(afterAgentFailure({ ...attempts, begun: 3 }, late, NOW)).toBeUndefined();
  });

  it.each([
    [new DeliveryError("auth", "no")],
    [new DeliveryError("invalid", "no")],
    [new DeliveryError("gone", "no")],
    [new TypeError("a bug")],
    [undefined],
  ])("takes %s for final", (error) => {
    expect(afterAgentFailure(attempts, error, NOW)).toBeUndefined();
  });

  it("tries another error of ours again if that error says so", () => {
    expect(afterAgentFailure(attempts, new HttpError("refused", "not-sent"), NOW)).toMatchObject({ kind: "HttpError" });
  });
});

it("allows three attempts without a word", () => {
  expect([2, 3].map((begun) => isSpent({ begun, failed: 0 }))).toEqual([false, true]);
  expect(isSpent({ begun: 5, failed: 3 })).toBe(false);
});

it("calls an error by its kind, its name, or its type", () => {
  expect([busy(), new TypeError("x"), "x"].map(kindOf)).toEqual(["throttled", "TypeError", "string"]);
});
