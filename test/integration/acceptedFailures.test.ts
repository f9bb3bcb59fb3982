import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { Receipt } from "../../lib/adapter/MemoryProvider.ts";
import { allRows, hookRows } from "../harness/rows.ts";
import { acceptForEach, deploy, end, harness, later, list, minutes } from "./acceptedSteps.ts";

const stored: Receipt = { id: "m-1", body: "3 facts" };

describe("a session that its provider has only accepted", () => {
  acceptForEach();

  it("is sent again under the same key, by the retry schedule, when its provider says that it failed", async () => {
    await end();
    later.fate = { outcome: "failed", error: new DeliveryError("transient", "the model is overloaded") };
    for (const [after, attempts, sent] of [
      ["10s", 1, 1],
      ["10s", 0, 2],
      ["10s", 2, 2],
      ["30s", 0, 3],
      ["10s", 3, 3],
    ] as const) {
      harness.advance(after);
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ status: "pending", attempts }]);
      expect(later.sent).toHaveLength(sent);
    }
    const [hook] = await hookRows(harness);
    expect(hook).toMatchObject({ failures: Array(3).fill({ kind: "transient", message: "the model is overloaded" }) });
    for (const name of ["accepted", "acceptedAt", "receipt"]) expect(hook).not.toHaveProperty(name);
    expect(new Set(later.sent).size).toBe(1);
    expect(await breakerRows()).toEqual([]);
  });

  it("is dead when the schedule is used up by such failures, however often it was accepted in between", async () => {
    deploy({ hooks: { retry: ["1s", "1s"] } });
    later.fate = { outcome: "failed", error: new DeliveryError("transient", "no") };
    await end();
    for (let second = 0; second < 60; second++) {
      harness.advance("1s");
      await harness.settle();
    }
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", attempts: 3 }]);
    expect(later.sent).toHaveLength(3);
  });

  it("is dead at once when its provider says that no repetition helps, and a redrive sends it again", async () => {
    await end();
    later.fate = { outcome: "failed", error: new DeliveryError("invalid", "too long to read") };
    harness.advance("10s");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", attempts: 1, failures: [{ kind: "invalid" }] }]);
    expect(await harness.dlq()).toBe(1);
    expect(harness.measured.filter(({ name }) => name === "HookDead")).toHaveLength(1);
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(later.sent).toHaveLength(2);
  });

  it("stays accepted while its provider can't be asked, and is asked again by the retry schedule, never sent", async () => {
    await end();
    later.fate = new DeliveryError("transient", "not now", { status: 503 });
    for (const [after, attempts] of [
      ["10s", 1],
      ["10s", 2],
      ["30s", 3],
    ] as const) {
      harness.advance(after);
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ status: "pending", accepted: { attempts: 1 }, attempts }]);
    }
    expect((await list("accepted"))[0]).toMatchObject({ attempts: 1, lastError: { kind: "transient", status: 503 } });
    later.fate = { outcome: "stored", receipt: stored };
    harness.advance("2m");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", attempts: 1 }]);
    expect(later.sent).toHaveLength(1);
  });

  it("is dead when its provider can't be asked for good, and a redrive asks: it has the session", async () => {
    await end();
    later.fate = new DeliveryError("auth", "the key is wrong", { status: 401 });
    harness.advance("10s");
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "dead", accepted: { attempts: 1 } }]);
    expect(await list("accepted")).toEqual([]);
    expect(await list("dead")).toHaveLength(1);

    later.fate = { outcome: "stored", receipt: stored };
    await harness.redrive(await harness.deadHooks());
    await harness.settle();
    expect(await hookRows(harness)).toMatchObject([{ status: "delivered", receipt: { id: "m-1" } }]);
    expect(later.sent).toHaveLength(1);
    expect(await harness.dlq()).toBe(0);
  });

  it("waits behind its provider's breaker, which questions without an answer open and any answer closes", async () => {
    for (let count = 0; count < 7; count++) await end();
    later.fate = new DeliveryError("transient", "down", { status: 503 });
    harness.advance("10s");
    await harness.settle();
    expect(later.asked).toHaveLength(5);
    expect(await breakerRows()).toMatchObject([{ status: "open" }]);
    expect((await hookRows(harness)).filter(({ isDeferred }) => isDeferred)).toHaveLength(2);
    expect(await list("accepted")).toHaveLength(7);

    later.fate = { outcome: "stored", receipt: stored };
    await minutes(31);
    expect(await breakerRows()).toMatchObject([{ status: "closed" }]);
    expect((await hookRows(harness)).map(({ status }) => status)).toEqual(Array(7).fill("delivered"));
    expect(later.sent).toHaveLength(7);
  });

  const breakerRows = async () => (await allRows(harness)).filter(({ sk }) => sk === "BREAKER");
});
