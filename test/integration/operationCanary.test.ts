import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { startOperation } from "../../lib/operator/operations/startOperation.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows } from "../harness/rows.ts";
import { operatorTools, patientTools } from "./operatorTools.ts";

describe("a canary that is larger than the rate", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
  });
  afterEach(() => harness.stop());

  /** Begins to redrive so many dead hooks. */
  async function start(dead: number, how: { readonly canary: number; readonly rate: number }): Promise<string> {
    harness.provider.setMode(401);
    for (let number = 0; number < dead; number++) {
      await harness.chat("hello", { conversation: `c${number}` });
      harness.advance("1s");
      await harness.chat("/reset", { conversation: `c${number}` });
    }
    harness.provider.setMode("ok");
    harness.advance("1s");
    const scope = { verb: "redrive" as const, filter: "", before: harness.clock.now() };
    const plan = await planOperation(operatorTools(harness), scope, how.rate);
    return (await startOperation(operatorTools(harness), plan, { who: "ann@test", ...how })).id;
  }

  it("is tried no faster than that, and all of it before the rest", async () => {
    const id = await start(7, { canary: 5, rate: 2 });
    const began = harness.clock.now();
    const seen: { done: number; after: number; canary: number; passed: boolean | undefined }[] = [];
    const operation = await runOperation(patientTools(harness), id, {
      onProgress: ({ done, tried }) =>
        seen.push({
          ...{ done, after: (harness.clock.now() - began) / 1000 },
          ...{ canary: tried?.targets.length ?? 0, passed: tried?.passed },
        }),
    });
    expect(operation).toMatchObject({ status: "done", done: 7, tried: { passed: true } });
    // One at once, and another each half of a second.
    for (const { canary, done, after } of seen) if (canary < 5) expect(done).toBeLessThanOrEqual(1 + after * 2);
    expect(seen.filter(({ passed }) => passed === false).map(({ done }) => done)).toEqual([1, 2, 3, 4, 5]);
    expect(seen.find(({ done }) => done === 5)).toMatchObject({ after: 2, canary: 5 });
    await harness.settle();
    expect((await hookRows(harness, "crm")).map(({ status }) => status)).toEqual(Array(7).fill("delivered"));
  });

  it("has its whole time for an outcome once the last of it was tried", async () => {
    const id = await start(3, { canary: 2, rate: 1 });
    const began = harness.clock.now();
    // Nothing is delivered meanwhile.
    const operation = await runOperation(operatorTools(harness), id);
    expect(operation).toMatchObject({
      ...{ status: "halted", done: 2, reason: "2 of 2 have no outcome after 120 s" },
    });
    expect(harness.clock.now() - began).toBeGreaterThan(122_000);
  });
});
