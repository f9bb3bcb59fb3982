import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
} from "@aws-sdk/client-cloudwatch";
import { VesperError } from "../../lib/domain/VesperError.ts";
import { type MetricName, type MetricRange, type MetricSeries, metricSeries } from "./MetricSeries.ts";
import { SERIES_QUERIES, type SeriesQuery } from "./seriesQueries.ts";

/**
 * The charts of a deployed gateway, in one call of CloudWatch, or more if it answers in pages.
 *
 * @param gateway the stack's name, under which the functions put their metrics
 * @throws MetricsIncomplete, and what the SDK throws
 */
export async function cloudWatchSeries(
  client: CloudWatchClient,
  gateway: string,
  range: MetricRange,
): Promise<MetricSeries> {
  const wanted = Object.entries(SERIES_QUERIES).flatMap(([name, query]) =>
    (query.reasons ?? [undefined]).map((reason, index) => ({ id: `${name}_${index}`, name, query, reason })),
  );
  const found = new Map<string, [at: number, value: number][]>();
  const input = {
    StartTime: new Date(range.from),
    EndTime: new Date(range.to),
    ScanBy: "TimestampAscending",
    MetricDataQueries: wanted.map(({ id, query, reason }) => dataQuery(id, gateway, query, reason, range.step)),
  } as const;
  for await (const { MetricDataResults = [] } of paginateGetMetricData({ client }, input)) {
    for (const result of MetricDataResults) {
      const values = found.get(result.Id ?? "") ?? [];
      found.set(result.Id ?? "", [...values, ...valuesOf(result)]);
    }
  }
  const idsOf = Map.groupBy(wanted, ({ name }) => name);
  return metricSeries(range, (name: MetricName) => {
    const points = (idsOf.get(name) ?? []).flatMap(({ id }) => found.get(id) ?? []);
    return toSteps(points, range, SERIES_QUERIES[name]);
  });
}

function dataQuery(
  Id: string,
  gateway: string,
  { metric, statistic }: SeriesQuery,
  reason: string | undefined,
  step: number,
): MetricDataQuery {
  const Dimensions = [
    { Name: "Gateway", Value: gateway },
    ...(reason === undefined ? [] : [{ Name: "Reason", Value: reason }]),
  ];
  const Metric = { Namespace: "Vesper", MetricName: metric, Dimensions };
  return { Id, MetricStat: { Metric, Stat: statistic, Period: step / 1000 }, ReturnData: true };
}

/** `PartialData` is what a page is that another one follows. */
function valuesOf({ Id, StatusCode, Messages = [], Timestamps = [], Values = [] }: MetricDataResult) {
  if (StatusCode !== undefined && StatusCode !== "Complete" && StatusCode !== "PartialData") {
    throw new MetricsIncomplete(Id ?? "", StatusCode, Messages.map(({ Value = "" }) => Value).join(" "));
  }
  return Values.map((value, index): [number, number] => [Timestamps[index]?.getTime() ?? Number.NaN, value]);
}

/** Where nothing was put CloudWatch has no value: of events that is none, of times it is unknown. */
function toSteps(
  points: readonly (readonly [number, number])[],
  { from, to, step }: MetricRange,
  { statistic }: SeriesQuery,
): readonly (number | null)[] {
  const steps: (number | null)[] = Array.from({ length: Math.ceil((to - from) / step) }, () =>
    statistic === "Sum" ? 0 : null,
  );
  for (const [at, value] of points) {
    const index = Math.floor((at - from) / step);
    const before = steps[index];
    if (before === undefined) continue;
    steps[index] = statistic === "Sum" ? (before ?? 0) + value : Math.max(before ?? value, value);
  }
  return steps;
}

/** CloudWatch has answered, and not told one of the metrics. */
class MetricsIncomplete extends VesperError {
  override readonly name = "MetricsIncomplete";
  readonly retry = true;
  constructor(id: string, status: string, said: string) {
    super(
      `CloudWatch did not tell ${id.replace(/_\d+$/, "")} (${status}${said ? `: ${said}` : ""}): look again in a minute`,
    );
  }
}
