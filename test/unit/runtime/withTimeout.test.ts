import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { withTimeout } from "../../../lib/runtime/async.ts";

describe("withTimeout", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const late = new Error("late");

  it("answers what the task answers, and leaves no timer", async () => {
    expect(await withTimeout(1_000, late, async () => 42)).toBe(42);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects as the task does, and leaves no timer", async () => {
    await expect(withTimeout(1_000, late, () => Promise.reject(new Error("own")))).rejects.toThrow("own");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects when a task throws at once", async () => {
    const task = () => {
      throw new Error("at once");
    };
    await expect(withTimeout(1_000, late, task)).rejects.toThrow("at once");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("B8 rejects in time, though the task does not listen", async () => {
    const all = expect(withTimeout(1_000, late, () => new Promise(() => {}))).rejects.toBe(late);
    await vi.advanceTimersByTimeAsync(1_000);
    await all;
  });

  it("tells the task by its signal, and not before", async () => {
    let signal: AbortSignal | undefined;
    const all = expect(
      withTimeout(1_000, late, (given) => {
        signal = given;
        return new Promise(() => {});
      }),
    ).rejects.toBe(late);
    await vi.advanceTimersByTimeAsync(999);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await all;
    expect(signal?.reason).toBe(late);
  });

  it("leaves no unhandled rejection of a task that fails after the time is over", async () => {
    const task = Promise.withResolvers<void>();
    const all = expect(withTimeout(1_000, late, () => task.promise)).rejects.toBe(late);
    await vi.advanceTimersByTimeAsync(1_000);
    await all;
    // Vitest fails the run on an unhandled rejection.
    task.reject(new Error("after the time"));
    await vi.advanceTimersByTimeAsync(1);
  });
});
