import type { MetricPoint } from "../../local/metrics/LogMetrics.ts";
import { type MetricRange, type MetricSeries, metricSeries } from "./MetricSeries.ts";
import { SERIES_QUERIES, type Statistic } from "./seriesQueries.ts";

/** How the values of one step become one; null: nothing was measured. */
type Summary = (values: readonly number[]) => number | null;

/** The value that so large a part of them does not exceed. */
const percentile =
  (part: number): Summary =>
  (values) =>
    [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? null;

const SUMMARIES: Readonly<Record<Statistic, Summary>> = {
  Sum: (values) => values.reduce((sum, value) => sum + value, 0),
  Maximum: (values) => (values.length > 0 ? Math.max(...values) : null),
  p50: percentile(0.5),
  p99: percentile(0.99),
};

/** The charts of a gateway on this machine, from what its functions put into their logs. */
export function logSeries(points: readonly MetricPoint[], range: MetricRange): MetricSeries {
  const { from, to, step } = range;
  const byName = Map.groupBy(
    points.filter(({ at }) => at >= from && at < to),
    ({ name }) => name,
  );
  return metricSeries(range, (name) => {
    const { metric, reasons, statistic } = SERIES_QUERIES[name];
    const buckets: number[][] = Array.from({ length: Math.ceil((to - from) / step) }, () => []);
    for (const { at, value, by } of byName.get(metric) ?? []) {
      const isMeant = !reasons || reasons.some((reason) => reason === by.Reason);
      if (isMeant) buckets[Math.floor((at - from) / step)]?.push(value);
    }
    return buckets.map(SUMMARIES[statistic]);
  });
}
