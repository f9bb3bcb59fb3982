import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineAdapter } from "../../lib/adapter/Adapter.ts";
import { DeliveryError } from "../../lib/adapter/errors.ts";
import { hookItem, sessionItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { hookRows, sessionRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { told } from "../harness/told.ts";
import { webhookTo } from "../harness/webhookTo.ts";

const DELIVERED = "info hook.delivered session=#1 provider=crm attempt=1 took=0";

describe("the log and the metrics, word by word, as alarms, the dashboard and searches need them,", () => {
  let harness: GatewayHarness;
  beforeEach(async () => {
    harness = await startGatewayHarness();
    harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
  });
  afterEach(() => harness.stop());

  it("tell of the first message and of the next one", async () => {
    expect(await told(harness, () => harness.chat("hello"))).toEqual({
      lines: [],
      metrics: ["SessionStarted 1 Count", "ReplySent 1 Count Platform=http"],
    });
    expect(await told(harness, () => harness.chat("again"))).toEqual({
      lines: [],
      metrics: ["ReplySent 1 Count Platform=http"],
    });
  });

  it("tell of the end of a session that fell idle, and how late it was", async () => {
    await harness.chat("hello");
    expect(await told(harness, () => sweepAt(harness, "2026-03-02T10:30:02Z"))).toEqual({
      lines: [
        "info sweep.done due=1 failed=0",
        "info session.sealed session=#1 reason=idle turns=1 hooks=1",
        DELIVERED,
      ],
      metrics: [
        "SweepDone 1 Count",
        "SessionEnded 1 Count Reason=idle",
        "ExpiryLateness 2000 Milliseconds",
        "ProviderLatency 0 Milliseconds Provider=crm",
        "HookDelivered 1 Count Provider=crm",
      ],
    });
  });

  it.each([
    ["daily", { daily: { at: "10:30", timeZone: "UTC" } }],
    ["max-age", { maxAge: "30m" }],
  ])("tell how late an end by %s was, too", async (reason, policy) => {
    harness.deploy({ memory: {}, sessions: { default: policy } });
    await harness.chat("hello");
    expect((await told(harness, () => sweepAt(harness, "2026-03-02T10:30:01Z"))).metrics).toEqual([
      "SweepDone 1 Count",
      `SessionEnded 1 Count Reason=${reason}`,
      "ExpiryLateness 1000 Milliseconds",
    ]);
  });

  it("tell of a reset nothing that would have been due", async () => {
    await harness.chat("hello");
    expect(await told(harness, () => harness.chat("/reset"))).toEqual({
      lines: ["info session.sealed session=#1 reason=reset turns=1 hooks=1", DELIVERED],
      metrics: [
        "SessionStarted 1 Count",
        "ReplySent 1 Count Platform=http",
        "SessionEnded 1 Count Reason=reset",
        "ProviderLatency 0 Milliseconds Provider=crm",
        "HookDelivered 1 Count Provider=crm",
      ],
    });
  });

  it("tell of an end whose record got lost", async () => {
    await harness.chat("hello");
    await harness.say("/reset");
    await harness.step.message();
    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:30:00Z");
    expect(await told(harness, () => harness.sweepPart(0, 1))).toMatchObject({ metrics: ["SweepDone 1 Count"] });
    harness.goTo("2026-03-02T10:35:00Z");
    expect(await told(harness, () => harness.sweep())).toMatchObject({
      lines: [
        "warn session.recovered session=#1",
        "info session.sealed session=#1 reason=recovered turns=1 hooks=1",
        "info sweep.done due=1 failed=0",
      ],
      metrics: ["SessionEnded 1 Count Reason=recovered", "SweepDone 1 Count"],
    });
  });

  it("tell of a provider that fails, then refuses", async () => {
    harness.provider.setMode(503);
    await harness.chat("hello");
    const failed = await told(harness, () => harness.chat("/reset"));
    expect(failed.lines.at(-1)).toBe(
      "error hook.failed session=#1 provider=crm attempt=1 kind=transient error=DeliveryError message=server answered 503",
    );
    expect(failed.metrics.slice(-2)).toEqual(["HookFailed 1 Count Provider=crm", "OldestUnfinishedHookAge 0 Seconds"]);
    harness.provider.setMode(401);
    harness.advance("2h");
    expect(await told(harness, () => harness.settle())).toEqual({
      lines: [
        "error hook.dead session=#1 provider=crm attempt=2 kind=auth error=DeliveryError message=server answered 401",
      ],
      metrics: ["HookDead 1 Count Provider=crm", "OldestUnfinishedHookAge 7200 Seconds"],
    });
  });

  it("tell of replies that do not go out", async () => {
    harness.replies.setMode(503);
    expect(await told(harness, () => harness.chat("hello"))).toEqual({
      lines: ["warn reply.later session=#1 platform=http kind=transient"],
      metrics: ["SessionStarted 1 Count", "ReplyFailed 1 Count Platform=http"],
    });
    harness.replies.setMode(410);
    harness.advance("2h");
    expect(await told(harness, () => harness.settle())).toEqual({
      lines: [
        "error reply.undeliverable session=#1 platform=http kind=gone error=DeliveryError message=server answered 410",
      ],
      metrics: ["ReplyFailed 1 Count Platform=http"],
    });
  });

  it("tell of an agent that fails for now, then for good, and of a reply that is too long", async () => {
    const failures = [new DeliveryError("throttled", "slow down"), new DeliveryError("auth", "who are you?")];
    const agent = defineAdapter("agent", "moody", v.strictObject({}), () => ({
      reply: async () => {
        const failure = failures.shift();
        if (failure) throw failure;
        return "x".repeat(60_001);
      },
    }));
    harness.deploy({ agent: agent() });
    expect((await told(harness, () => harness.chat("hello"))).lines).toEqual([
      "warn turn.later session=#1 kind=throttled attempts=1",
    ]);
    harness.advance("1s");
    expect(await told(harness, () => harness.settle())).toEqual({
      lines: ["error turn.failed session=#1 kind=auth error=DeliveryError message=who are you?"],
      metrics: ["TurnFailed 1 Count", "ReplySent 1 Count Platform=http"],
    });
    expect((await told(harness, () => harness.chat("more"))).lines).toEqual([
      "warn reply.clipped session=#1 characters=60001",
    ]);
  });

  it("tell of rows that are gone", async () => {
    harness.provider.setMode(503);
    await harness.chat("hello");
    await harness.chat("/reset");
    const [hook] = await hookRows(harness);
    const [session] = await sessionRows(harness);
    const { client, name: TableName } = harness.operatorTable;
    await client.send(new DeleteCommand({ TableName, Key: hookItem(hook?.session ?? "", "crm") }));
    harness.advance("1h");
    expect(await told(harness, () => harness.settle())).toEqual({
      lines: ["error hook.gone session=#1 error=Error message=a job came whose hook row is gone"],
      metrics: [],
    });
    const key = sessionItem(session?.conversation ?? "", session?.session ?? "");
    await client.send(new DeleteCommand({ TableName, Key: key }));
    await harness.stream.repeat();
    expect(await told(harness, () => harness.settle())).toEqual({
      lines: ["warn session.gone session=#1"],
      metrics: [],
    });
  });

  it("tell of a hook whose job got lost, and of its age", async () => {
    await harness.chat("hello");
    await harness.say("/reset");
    await harness.step.message();
    await harness.step.stream();
    harness.advance("30m");
    expect(await told(harness, () => harness.sweep())).toEqual({
      lines: ["warn hook.overdue session=#1 provider=crm enqueues=0", "info sweep.done due=2 failed=0"],
      metrics: ["OldestUnfinishedHookAge 1800 Seconds", "SweepDone 1 Count"],
    });
  });

  it("tell of what retention deletes and keeps", async () => {
    await harness.chat("hello");
    await harness.chat("/reset");
    harness.provider.setMode(401);
    await harness.chat("kept");
    await harness.chat("/reset");
    harness.advance("40d");
    expect(await told(harness, () => harness.retention())).toEqual({
      lines: ["info purge.done purged=1 kept=1 failed=0 finished=true"],
      metrics: ["PurgeDone 1 Count"],
    });
  });
});
