import { describe, expect, it } from "vitest";
import { changeHook } from "./changeHook.ts";
import { deploy, harness, hook, job, sealForEach, work } from "./sealedJob.ts";
import { takeDeadLetter } from "./takeDeadLetter.ts";

const TEN = Date.parse("2026-03-02T10:00:00Z");

describe("a job of a hook", () => {
  sealForEach();

  it("makes a hook dead after an attempt that was cut off, where the config says to park", async () => {
    deploy({}, { unknown: "park" });
    await setAttempts(2);
    await setLease({ id: "of the dead", until: TEN });

    expect(await work()).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "dead", attempts: 2, failures: [{ kind: "AttemptCrashed" }] });
    expect(await takeDeadLetter(harness)).toMatchObject({ deadAt: TEN });
  });

  it("L18 records an attempt that was cut off as one that failed, and another follows by the schedule", async () => {
    deploy({}, { retry: ["1s", "20s"] });
    await setAttempts(2);
    await setLease({ id: "of the dead", until: TEN });
    expect(await work()).toEqual({ outcome: "later", at: TEN + 20_000 });
    const message = "attempt 2 crashed, ran out of time, or could not be recorded; see the function's log";
    const failures = [{ at: TEN, took: 0, kind: "AttemptCrashed", message }];
    expect(await hook()).toMatchObject({ status: "pending", attempts: 2, failures, nextAttemptAt: TEN + 20_000 });
    harness.advance("20s");
    await work();
    expect(await hook()).toMatchObject({ status: "delivered", attempts: 3 });
  });

  it("L10 is dead when the last attempt that the schedule has was cut off", async () => {
    deploy({}, { retry: ["1s", "2s"] });
    await setAttempts(3);
    await setLease({ id: "of the dead", until: TEN });
    expect(await work()).toEqual({ outcome: "done" });
    expect(await hook()).toMatchObject({ status: "dead", attempts: 3, failures: [{ kind: "AttemptCrashed" }] });
    expect(await harness.dlq()).toBe(1);
  });

  it("makes an attempt even where a schedule that has become shorter would have none", async () => {
    deploy({}, { retry: ["1s", "2s"] });
    await setAttempts(5);
    await work();
    expect(await hook()).toMatchObject({ status: "delivered", attempts: 6 });
  });

  const setLease = (lease: object) => changeHook(harness, job, "SET lease = :value", lease);
  const setAttempts = (attempts: number) => changeHook(harness, job, "SET attempts = :value", attempts);
});
