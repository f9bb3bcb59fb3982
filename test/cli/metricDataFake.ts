import * as v from "valibot";
import type { MetricPoint } from "../../local/metrics/LogMetrics.ts";

/** Results of one page; a real one has up to 500. */
const PAGE = 7;

const DAY = 24 * 3_600;

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
const querySchema = v.strictObject({
  Id: v.pipe(v.string(), v.regex(/^[a-z][a-zA-Z0-9_]{0,254}$/)),
  MetricStat: v.strictObject({
    Metric: v.strictObject({
      Namespace: v.literal("Vesper"),
      MetricName: v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
      Dimensions: v.pipe(
        v.array(
          v.strictObject({ Name: v.pipe(v.string(), v.minLength(1)), Value: v.pipe(v.string(), v.minLength(1)) }),
        ),
        v.maxLength(30),
      ),
    }),
    Period: v.pipe(v.number(), v.integer(), v.minValue(60), v.multipleOf(60)),
    Stat: v.picklist(["Sum", "Maximum", "p50", "p99"]),
  }),
  ReturnData: v.boolean(),
});

const inputSchema = v.pipe(
  v.strictObject({
    StartTime: v.number(),
    EndTime: v.number(),
    ScanBy: v.picklist(["TimestampAscending", "TimestampDescending"]),
    MetricDataQueries: v.pipe(v.array(querySchema), v.minLength(1), v.maxLength(500)),
    NextToken: v.exactOptional(v.string()),
  }),
  v.check(({ StartTime, EndTime }) => StartTime < EndTime, "EndTime must be after StartTime"),
  v.check(
    ({ MetricDataQueries: all }) => new Set(all.map(({ Id }) => Id)).size === all.length,
    "the ids of the queries must differ",
  ),
);

type Query = v.InferOutput<typeof querySchema>;

/**
 * GetMetricData as CloudWatch answers it: a value for each period in which something was put under just these dimensions, in
 * pages. A request that CloudWatch would refuse is answered with why.
 *
 * @param points what was put, as EMF lines put it: for the gateway alone, and once more with the further dimension
 * @param untold names of metrics that CloudWatch has trouble with
 * @param now milliseconds since the epoch: values of each minute are kept for 15 days
 */
export function answerMetricData(
  body: string,
  points: readonly MetricPoint[],
  untold: ReadonlySet<string>,
  now: number,
): { readonly refused: string } | { readonly result: object } {
  const { success, output, issues } = v.safeParse(inputSchema, JSON.parse(body));
  if (!success)
    return { refused: issues.map((issue) => `${v.getDotPath(issue) ?? "input"}: ${issue.message}`).join("; ") };
  const { StartTime, EndTime, ScanBy, MetricDataQueries, NextToken } = output;
  if (StartTime < now / 1000 - 15 * DAY && MetricDataQueries.some(({ MetricStat: { Period } }) => Period % 300 !== 0)) {
    return { refused: "Period must be a multiple of 300 for what is older than 15 days" };
  }
  const start = Number(NextToken ?? 0);
  const MetricDataResults = MetricDataQueries.slice(start, start + PAGE).map((query) => {
    const Label = query.MetricStat.Metric.MetricName;
    if (untold.has(Label)) return { Id: query.Id, Label, StatusCode: "InternalError", Timestamps: [], Values: [] };
    const values = [...valuesOf(query, points, StartTime, EndTime)].sort(([a], [b]) =>
      ScanBy === "TimestampAscending" ? a - b : b - a,
    );
    const [Timestamps, Values] = [values.map(([at]) => at), values.map(([, value]) => value)];
    return { Id: query.Id, Label, StatusCode: "Complete", Timestamps, Values };
  });
  const isMore = start + PAGE < MetricDataQueries.length;
  return { result: { MetricDataResults, Messages: [], ...(isMore ? { NextToken: String(start + PAGE) } : {}) } };
}

/** By the beginning of each period, seconds. */
function valuesOf(
  { MetricStat: { Metric, Period, Stat } }: Query,
  points: readonly MetricPoint[],
  from: number,
  to: number,
): ReadonlyMap<number, number> {
  const isMeant = ({ name, at, by }: MetricPoint) =>
    name === Metric.MetricName &&
    at >= from * 1000 &&
    at < to * 1000 &&
    Metric.Dimensions.every(({ Name, Value }) => by[Name] === Value) &&
    Metric.Dimensions.some(({ Name }) => Name === "Gateway");
  const periods = Map.groupBy(points.filter(isMeant), ({ at }) => Math.floor(at / 1000 / Period) * Period);
  return new Map(
    Array.from(periods, ([at, own]) => [
      at,
      statistic(
        Stat,
        own.map(({ value }) => value).sort((a, b) => a - b),
      ),
    ]),
  );
}

function statistic(stat: Query["MetricStat"]["Stat"], sorted: readonly number[]): number {
  if (stat === "Sum") return sorted.reduce((sum, value) => sum + value, 0);
  const part = { Maximum: 1, p50: 0.5, p99: 0.99 }[stat];
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
