import { describe, expect, it } from "vitest";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import type { Receipt } from "../../lib/adapter/MemoryProvider.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import { forwardHook } from "../../lib/operator/forwardHook.ts";
import { listGroups } from "../../lib/operator/listGroups.ts";
import { actOnHooks } from "../../lib/operator/operations/actOnHooks.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { startOperation } from "../../lib/operator/operations/startOperation.ts";
import { hookDetails } from "../../lib/operator/views.ts";
import { hookRows } from "../harness/rows.ts";
import { acceptForEach, end, harness, later, list, seen } from "./acceptedSteps.ts";
import { operatorTools } from "./operatorTools.ts";

const stored: Receipt = { id: "m-1", body: "3 facts" };

describe("a session that its provider has only accepted", () => {
  acceptForEach();

  describe("in an operator's hands", () => {
    it("is asked for at once when it is brought forward, alone or with others, each once", async () => {
      await end();
      await end();
      const [one] = await hookRows(harness);
      await forwardHook(harness.services, harness.queues.sessionEnd, seen(one));
      await harness.settle();
      expect(later.asked).toEqual([one?.session]);
      harness.advance("1s");

      const operation = await operate("forward", "status:accepted");
      await harness.settle();
      expect(operation).toMatchObject({ status: "done", done: 2 });
      expect(later.asked).toHaveLength(3);
    });

    it("passes a canary when its provider has taken it and works on it for longer than two minutes", async () => {
      for (let count = 0; count < 3; count++) await end();
      later.fate = { outcome: "failed", error: new DeliveryError("invalid", "no") };
      harness.advance("10s");
      await harness.settle();
      later.fate = { outcome: "working" };
      harness.advance("1s");
      expect(await operate("redrive", "status:dead")).toMatchObject({ status: "done", done: 3 });
      await harness.settle();
      expect(await list("accepted")).toHaveLength(3);
    });

    it("is given up with a reason, asked for no more, and accepted again when that is undone", async () => {
      await end();
      const [hook] = await hookRows(harness);
      expect(await act("discard", seen(hook))).toHaveLength(1);
      expect(await list("discarded")).toHaveLength(1);
      harness.advance("10m");
      await harness.settle();
      expect(later.asked).toEqual([]);

      expect(await act("restore", seen(hook))).toHaveLength(1);
      expect(await list("accepted")).toHaveLength(1);
      later.fate = { outcome: "stored", receipt: stored };
      await harness.settle();
      expect(await hookRows(harness)).toMatchObject([{ status: "delivered" }]);
      expect(later.sent).toHaveLength(1);
    });

    it("shows when it was accepted, what the provider said, when it is asked for, and why that failed", async () => {
      const session = await end();
      later.fate = new DeliveryError("transient", "not now", { status: 503 });
      harness.advance("10s");
      await harness.settle();
      const [hook] = await hookRows(harness);
      expect(hookDetails(seen(hook))).toMatchObject({
        ...{ session, status: "accepted", attempts: 1, acceptedAt: "2026-03-02T10:00:00.000Z" },
        ...{ nextAttemptAt: "2026-03-02T10:00:20.000Z", receipt: { id: "op-1" }, lastError: { status: 503 } },
      });
      expect(await listGroups(harness.services, { status: "accepted" })).toMatchObject({
        groups: [{ kind: "transient", status: 503, count: 1 }],
      });
    });
  });

  const act = (verb: "discard" | "restore", { session, provider }: Hook) =>
    actOnHooks(operatorTools(harness), verb, { who: "ops", why: "enough" }, [{ session, provider }]);

  /** A bulk action; a redrive has a canary of one. */
  async function operate(verb: "forward" | "redrive", filter: string) {
    const tools = operatorTools(harness);
    const plan = await planOperation(tools, { verb, filter, before: harness.clock.now() });
    const { id } = await startOperation(tools, plan, { who: "ops", canary: verb === "redrive" ? 1 : 0 });
    let settled: Promise<void> | undefined;
    const done = await runOperation(tools, id, {
      onProgress: () => {
        settled ??= harness.settle();
      },
    });
    await settled;
    return done;
  }
});
