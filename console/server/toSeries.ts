import type { MetricPoint } from "../../local/metrics/LogMetrics.ts";
import { METRIC_NAMES, type MetricName, type MetricSeries } from "./MetricSeries.ts";

/** How the points of one step become its value; null: nothing was measured. */
type Summary = (values: readonly number[]) => number | null;

const count: Summary = (values) => values.length;
const most: Summary = (values) => (values.length > 0 ? Math.max(...values) : null);

/** The value that so large a part of them does not exceed. */
const percentile =
  (part: number): Summary =>
  (values) =>
    [...values].sort((a, b) => a - b)[Math.max(0, Math.ceil(values.length * part) - 1)] ?? null;

const NAMED = ["idle", "daily", "reset"];

const SERIES: Readonly<
  Record<MetricName, { readonly of: string; readonly where?: (point: MetricPoint) => boolean; readonly as: Summary }>
> = {
  messages: { of: "ReplySent", as: count },
  started: { of: "SessionStarted", as: count },
  idle: { of: "SessionEnded", where: ({ by }) => by.Reason === "idle", as: count },
  daily: { of: "SessionEnded", where: ({ by }) => by.Reason === "daily", as: count },
  reset: { of: "SessionEnded", where: ({ by }) => by.Reason === "reset", as: count },
  otherEnds: { of: "SessionEnded", where: ({ by }) => !NAMED.includes(String(by.Reason)), as: count },
  delivered: { of: "HookDelivered", as: count },
  failing: { of: "HookFailed", as: count },
  dead: { of: "HookDead", as: count },
  oldestAge: { of: "OldestUnfinishedHookAge", as: most },
  latenessP50: { of: "ExpiryLateness", as: percentile(0.5) },
  latenessP99: { of: "ExpiryLateness", as: percentile(0.99) },
  latencyP50: { of: "ProviderLatency", as: percentile(0.5) },
  latencyP99: { of: "ProviderLatency", as: percentile(0.99) },
};

/** Puts points into steps of time. Times in milliseconds since the epoch; `to` is not in it. */
export function toSeries(
  points: readonly MetricPoint[],
  { from, to, step }: { readonly from: number; readonly to: number; readonly step: number },
): MetricSeries {
  const steps = Math.max(0, Math.ceil((to - from) / step));
  const times = Array.from({ length: steps }, (_, index) => (from + index * step) / 1000);
  const byName = Map.groupBy(
    points.filter(({ at }) => at >= from && at < to),
    ({ name }) => name,
  );
  const valuesOf = (name: MetricName): readonly (number | null)[] => {
    const { of, where = () => true, as } = SERIES[name];
    const buckets: number[][] = times.map(() => []);
    for (const point of byName.get(of) ?? []) {
      if (where(point)) buckets[Math.floor((point.at - from) / step)]?.push(point.value);
    }
    return buckets.map(as);
  };
  const entries = METRIC_NAMES.map((name) => [name, valuesOf(name)] as const);
  return { times, values: toRecord(entries) };
}

/** Without any point. @param missing why */
export function noSeries(missing: string): MetricSeries {
  return { times: [], values: toRecord(METRIC_NAMES.map((name) => [name, []] as const)), missing };
}

function toRecord(entries: readonly (readonly [MetricName, readonly (number | null)[]])[]): MetricSeries["values"] {
  const found = new Map(entries);
  const values = (name: MetricName) => found.get(name) ?? [];
  return {
    ...{ messages: values("messages"), started: values("started"), idle: values("idle"), daily: values("daily") },
    ...{ reset: values("reset"), otherEnds: values("otherEnds"), delivered: values("delivered") },
    ...{ failing: values("failing"), dead: values("dead"), oldestAge: values("oldestAge") },
    ...{ latenessP50: values("latenessP50"), latenessP99: values("latenessP99") },
    ...{ latencyP50: values("latencyP50"), latencyP99: values("latencyP99") },
  };
}
