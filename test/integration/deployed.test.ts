import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { type CliHarness, REGION, startCliHarness } from "../cli/cliHarness.ts";
import { recordCalls } from "../cli/recordCalls.ts";
import { openOnStand } from "./openOnStand.ts";

describe("the operators' page of a deployed stack", () => {
  let cliHarness: CliHarness;
  let page: Awaited<ReturnType<typeof openOnStand>>;
  beforeAll(async () => {
    cliHarness = await startCliHarness();
    await cliHarness.harness.chat("hello");
    page = await openOnStand(cliHarness);
  });
  afterEach(() => cliHarness.reset());
  afterAll(async () => {
    await page.close();
    await cliHarness.stop();
    vi.unstubAllEnvs();
  });

  it("says which stack it is for, where, and who looks at it", async () => {
    expect(await page.get("/api/about")).toMatchObject({
      status: 200,
      body: {
        ...{ name: "Test", region: "eu-west-1", isLocal: false, lab: null, providers: ["crm", "builtin"] },
        who: "arn:aws:iam::111122223333:user/ann",
      },
    });
  });

  it("asks AWS anew who looks, when AWS did not say at first", async () => {
    const other = await openOnStand(cliHarness);
    cliHarness.aws.failNext(1, 400);
    expect(await other.get("/api/about")).toMatchObject({
      ...{ status: 422, body: { message: expect.stringContaining("AWS does not say who you are") } },
    });
    expect(await other.get("/api/about")).toMatchObject({ status: 200 });
    await other.close();
  });

  it("lists what the stack's table has, and examines the stack as doctor does", async () => {
    expect(await page.get("/api/sessions")).toMatchObject({
      body: { sessions: [{ platform: "http", status: "open" }] },
    });
    expect(await page.get("/api/health")).toMatchObject({
      body: { findings: expect.arrayContaining([expect.objectContaining({ check: "sweep schedule", status: "ok" })]) },
    });
  });

  it("reads the table's stream for those alone who ask to follow it, as it is meant for one reader more", async () => {
    using recorded = recordCalls(REGION);
    const listen = async (path: string) => {
      const response = await fetch(page.origin + path, { headers: page.headers });
      await response.body?.getReader().read();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await response.body?.cancel().catch(() => {});
      return [...recorded.calls].filter((call) => /Stream|Shard|Records/.test(call)).toSorted();
    };
    expect(await listen("/api/live")).toEqual([]);
    expect(await listen("/api/live?follow=1")).toContain("dynamodb:GetShardIterator");
  });

  it("draws its charts by CloudWatch, which it asks once a minute, however many look", async () => {
    const put = (name: string, value: number) => ({ name, value, at: Date.now() - 1_000, by: { Gateway: "Test" } });
    cliHarness.aws.metrics.push(put("HookDelivered", 1), put("HookDelivered", 1), put("OldestUnfinishedHookAge", 40));
    const sums = async () => {
      const { body } = await page.get("/api/metrics?hours=6");
      const { delivered, oldestAge }: Record<string, (number | null)[]> = Object(body).values;
      return [
        delivered?.reduce((sum: number, value) => sum + (value ?? 0), 0),
        Math.max(...(oldestAge ?? []).map(Number)),
      ];
    };
    expect(await sums()).toEqual([2, 40]);
    cliHarness.aws.metrics.push(put("HookDelivered", 1));
    expect(await Promise.all([sums(), sums()])).toEqual([
      [2, 40],
      [2, 40],
    ]);
  });

  it("shows every alarm of the stack with its state, its own text and what docs/operate/runbook.md says to do", async () => {
    const text = "Impact: x\n\nLikely causes: y\n\nNext step: z";
    for (const name of ["Test-dead-hooks", "Test-sweep-1-not-running", "Test-webhook-errors", "Other-dead-hooks"])
      cliHarness.aws.alarms.set(name, { state: name === "Test-dead-hooks" ? "ALARM" : "OK", text });
    expect((await page.get("/api/alarms")).body).toEqual({
      alarms: [
        {
          ...{ name: "dead-hooks", state: "ALARM", since: "2026-03-02T10:00:00.000Z", text },
          section: "dead-hooks-and-session-end-dead-letters",
        },
        expect.objectContaining({ name: "sweep-1-not-running", state: "OK", section: "sweep-not-running" }),
        expect.objectContaining({ name: "webhook-errors", section: "errors-and-throttles" }),
      ],
    });
    expect(await page.get("/api/runbook?section=sweep-not-running")).toMatchObject({
      ...{ status: 200, body: { text: expect.stringContaining("No sweep finished in five minutes") } },
    });
    expect(await page.get("/api/runbook?section=../secret")).toMatchObject({ status: 404 });
  });

  it("says why there are no charts when its operator may not read metrics, and goes on", async () => {
    cliHarness.aws.denied.add("cloudwatch:GetMetricData");
    expect(await page.get("/api/metrics?hours=24")).toMatchObject({
      status: 200,
      body: { times: [], missing: expect.stringContaining("may not cloudwatch:GetMetricData on") },
    });
    cliHarness.reset();
    expect(await page.get("/api/metrics?hours=24")).not.toHaveProperty("body.missing");
  });

  it("says what AWS refuses, where nothing can be shown without it", async () => {
    cliHarness.aws.denied.add("ssm:GetParameters");
    expect(await page.post("/api/chat", { name: "ann", text: "hello" })).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining("may not ssm:GetParameters") },
    });
    expect(page.errors).toEqual([]);
  });

  it("says that AWS does not answer, which is no bug", async () => {
    const away = await openOnStand(cliHarness, {
      AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1:9",
      AWS_MAX_ATTEMPTS: "1",
    });
    const { status, body } = await away.get("/api/sessions");
    await away.close();
    expect({ status, body }).toEqual({
      status: 502,
      body: { message: "no answer from AWS (ECONNREFUSED): check the network and --region" },
    });
    expect(away.errors).toEqual([]);
  });
});
