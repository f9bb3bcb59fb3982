import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { auditEntrySchema } from "../../lib/operator/audit.ts";
import { listFailedReplies } from "../../lib/operator/failedReplies.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { cancelOperation } from "../../lib/operator/operations/cancelOperation.ts";
import type { Operation, Scope } from "../../lib/operator/operations/Operation.ts";
import { planOperation } from "../../lib/operator/operations/planOperation.ts";
import { runOperation } from "../../lib/operator/operations/runOperation.ts";
import { type Start, startOperation } from "../../lib/operator/operations/startOperation.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { operatorTools, patientTools } from "./operatorTools.ts";

describe("a bulk action on failed replies", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ sessions: { default: "none" } });
  });
  afterEach(() => harness.stop());

  const tools = () => operatorTools(harness);
  const scope = (filter = "", verb: Scope["verb"] = "send-replies"): Scope => ({
    ...{ verb, filter, before: harness.clock.now() },
  });
  async function start(filter = "", how: Partial<Start> = {}, verb?: Scope["verb"]): Promise<Operation> {
    return startOperation(tools(), await planOperation(tools(), scope(filter, verb)), { who: "ann@test", ...how });
  }
  const failed = async () => (await listFailedReplies(tools().services, { limit: 50 })).replies;
  const arrived = () => harness.replies.effects.map(({ body }) => body.text);

  /** Messages whose replies are left to an operator: the platform wants a day of silence. */
  async function fail(...said: readonly (readonly [text: string, conversation: string])[]): Promise<void> {
    harness.replies.setMode(429, { "retry-after": "86400" });
    for (const [text, conversation] of said) {
      harness.advance("1s");
      await harness.chat(text, { conversation });
    }
    harness.replies.setMode("ok");
    harness.advance("1s");
  }

  it("is planned by the filter's grammar: platform, conversation, kind, session, time; a plan changes nothing", async () => {
    await fail(["one", "ann"], ["two", "bob"], ["three", "ann"]);
    const count = async (filter: string) => (await planOperation(tools(), scope(filter))).count;
    expect(await planOperation(tools(), scope())).toMatchObject({ count: 3, platforms: { http: 3 }, providers: {} });
    expect(await count("conversation:ann")).toBe(2);
    expect(await count("kind:throttled platform:http")).toBe(3);
    expect(await count("kind:auth")).toBe(0);
    expect(await count("age:>1h")).toBe(0);
    const [newest] = await failed();
    expect(await count(`id:${newest?.pk.slice(-6)}`)).toBe(2);
    await expect(count("reason:idle")).rejects.toThrow('unknown field "reason" of replies');
    expect(arrived()).toEqual([]);
    expect((await failed()).every(({ undelivered }) => undelivered.resentAt === undefined)).toBe(true);
  });

  it("sends each once, a conversation's in order, and is written down as any other", async () => {
    await fail(["one", "ann"], ["two", "ann"], ["three", "ann"], ["four", "bob"]);
    const { id } = await start("platform:http", { why: "platform is back" });
    expect(await runOperation(tools(), id)).toMatchObject({ status: "done", done: 4, left: 0, count: 4 });
    await harness.settle();
    expect(arrived().filter((text) => !String(text).includes("four"))).toEqual(
      ["one", "two", "three"].map((text) => `You said: ${text}`),
    );
    expect(arrived()).toHaveLength(4);
    expect(await failed()).toEqual([]);
    const { records } = await listRecords(tools().services, "AUDIT", auditEntrySchema, { limit: 10 });
    expect(records).toMatchObject([
      { who: "ann@test", action: "replies send", target: "platform:http", why: "platform is back", operation: id },
    ]);
  });

  it("goes on where a killed process stopped, and sends none twice", async () => {
    await fail(["one", "ann"], ["two", "bob"], ["three", "cat"]);
    const { id } = await start("", { rate: 1 });
    const gone = Promise.withResolvers<void>();
    void runOperation(tools(), id, {
      onProgress: () => {
        gone.resolve();
        throw new Error("killed");
      },
    }).catch(() => {});
    await gone.promise;
    const resumed = await runOperation(tools(), id).catch(async () => {
      harness.advance("61s");
      return runOperation(tools(), id);
    });
    expect(resumed).toMatchObject({ status: "done", done: 3 });
    await harness.settle();
    expect(arrived()).toHaveLength(3);
  });

  it("leaves alone what another operator had sent again since the plan", async () => {
    await fail(["one", "ann"]);
    const both = [await start(), await start()];
    harness.advance("1s");
    const results = [];
    for (const { id } of both) results.push((await runOperation(tools(), id)).done);
    expect(results).toEqual([1, 0]);
  });

  it("tries a canary first, and halts when its reply fails again", async () => {
    await fail(["one", "ann"], ["two", "bob"], ["three", "cat"]);
    const { id } = await start("", { canary: 1 });
    harness.advance("1s");
    harness.replies.setMode(429, { "retry-after": "86400" });
    const halted = await runOperation(patientTools(harness), id);
    expect(halted).toMatchObject({
      ...{
        status: "halted",
        done: 1,
        reason: expect.stringMatching(/^the reply in session \w+ failed again: throttled$/),
      },
    });
    harness.replies.setMode("ok");
    const passed = await runOperation(patientTools(harness), id);
    expect(passed).toMatchObject({ status: "done", done: 3 });
    await harness.settle();
    // The first one has failed anew, after the plan: it is for another plan.
    expect(arrived()).toHaveLength(2);
    expect(await failed()).toHaveLength(1);
  });

  it("is cancelled by anybody, and discards with a reason alone", async () => {
    await fail(["one", "ann"], ["two", "bob"], ["three", "cat"]);
    await expect(start("", {}, "discard-replies")).rejects.toThrow("takes a reason");
    const operation = await start("", { why: "too late", rate: 1 }, "discard-replies");
    const stopped = await runOperation(tools(), operation.id, {
      onProgress: ({ done, status }) => {
        if (done === 1 && status === "running") void cancelOperation(tools(), operation, "bob@test");
      },
    });
    expect(stopped.status).toBe("cancelled");
    expect(await failed()).toHaveLength(3 - stopped.done);
    const { id } = await start("", { why: "too late" }, "discard-replies");
    await runOperation(tools(), id);
    expect(await failed()).toEqual([]);
    await harness.settle();
    expect(arrived()).toEqual([]);
  });
});
