import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { cloudWatchSeries } from "../../../console/server/cloudWatchSeries.ts";
import { logSeries } from "../../../console/server/logSeries.ts";
import { END_REASONS } from "../../../lib/domain/Session.ts";
import type { MetricPoint } from "../../../local/metrics/LogMetrics.ts";
import { type AwsFake, KEY, startAwsFake } from "../../cli/awsFake.ts";

const STEP = 120_000;

const from = Math.floor(Date.now() / STEP) * STEP - 30 * STEP;

const range = { from, to: from + 30 * STEP, step: STEP };

/** An hour of a gateway: three steps with something in them, the last one with the edges of the range. */
const points: readonly MetricPoint[] = [0, 1, 29].flatMap((index) => {
  const at = from + index * STEP + (index === 29 ? STEP - 1 : index * 1_000);
  const put = (name: string, value: number, by: Record<string, string> = {}): MetricPoint => ({
    ...{ name, at, value, by: { Gateway: "Test", ...by } },
  });
  return [
    ...["ReplySent", "SessionStarted"].map((name) => put(name, 1)),
    ...END_REASONS.slice(0, index + 3).map((Reason) => put("SessionEnded", 1, { Reason })),
    ...["HookDelivered", "HookFailed", "HookDead"].map((name) => put(name, 1, { Provider: "crm" })),
    ...Array.from({ length: 50 }, (_, number) => put("ProviderLatency", number * 10, { Provider: "crm" })),
    ...Array.from({ length: 50 }, (_, number) => put("ExpiryLateness", number)),
    ...[7, 90, 5].map((age) => put("OldestUnfinishedHookAge", age)),
  ];
});

describe("the charts of a deployed stack", () => {
  let aws: AwsFake;
  let client: CloudWatchClient;
  beforeAll(async () => {
    aws = await startAwsFake();
    const credentials = { accessKeyId: KEY.id, secretAccessKey: KEY.secret };
    client = new CloudWatchClient({ endpoint: aws.url, region: "eu-west-1", credentials, maxAttempts: 1 });
  });
  afterAll(async () => {
    client.destroy();
    await aws.close();
  });

  it("come from CloudWatch and are what the same values make on this machine", async () => {
    const another = points.map((point) => ({ ...point, by: { ...point.by, Gateway: "Other" } }));
    aws.metrics.push(...points, ...another);
    const series = await cloudWatchSeries(client, "Test", range);
    expect(series).toEqual(logSeries(points, range));
    expect(series.times).toHaveLength(30);
    expect(series.values.idle.slice(0, 3)).toEqual([1, 1, 0]);
    expect(series.values.otherEnds[29]).toBe(5);
    expect(series.values.oldestAge.slice(0, 3)).toEqual([90, 90, null]);
    expect(series.values.latencyP99[0]).toBe(490);
    // Every page of one answer.
    expect(new Set(aws.requests.map(({ headers }) => headers["x-amz-target"]))).toEqual(
      new Set(["GraniteServiceVersion20100801.GetMetricData"]),
    );
    expect(aws.requests).toHaveLength(3);
  });

  it("are asked for all ends that are not drawn apart", async () => {
    const before = aws.requests.length;
    await cloudWatchSeries(client, "Test", range);
    const asked = aws.requests
      .slice(before)
      .map(({ body }) => body)
      .join();
    for (const reason of END_REASONS) expect(asked).toContain(`{"Name":"Reason","Value":"${reason}"}`);
  });

  it("are an error that says so where CloudWatch does not tell one of them", async () => {
    aws.untold.add("ExpiryLateness");
    await expect(cloudWatchSeries(client, "Test", range)).rejects.toThrow(
      "CloudWatch did not tell latenessP50 (InternalError): look again in a minute",
    );
  });
});
