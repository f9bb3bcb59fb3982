/** A stretch of time in steps, milliseconds since the epoch. `to` is not in it. */
export interface MetricRange {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** Measured values over time. */
export interface MetricSeries {
  /** The beginning of each step, seconds since the epoch. */
  readonly times: readonly number[];
  /** By name, a value a step; null: nothing was measured in it. */
  readonly values: Readonly<Record<MetricName, readonly (number | null)[]>>;
  /** Why there are none, in words for the operator; absent: there are. */
  readonly missing?: string;
}

/** What the charts show: counts, and milliseconds where the name says `Lateness` or `Latency`, seconds where `Age`. */
export type MetricName =
  | "messages"
  | "started"
  | "idle"
  | "daily"
  | "reset"
  | "otherEnds"
  | "delivered"
  | "failing"
  | "dead"
  | "oldestAge"
  | "latenessP50"
  | "latenessP99"
  | "latencyP50"
  | "latencyP99";

/** Makes a series of a range from the values of each name. */
export function metricSeries(
  { from, to, step }: MetricRange,
  values: (name: MetricName) => readonly (number | null)[],
): MetricSeries {
  const steps = Math.max(0, Math.ceil((to - from) / step));
  const times = Array.from({ length: steps }, (_, index) => (from + index * step) / 1000);
  return {
    times,
    values: {
      ...{ messages: values("messages"), started: values("started"), idle: values("idle"), daily: values("daily") },
      ...{ reset: values("reset"), otherEnds: values("otherEnds"), delivered: values("delivered") },
      ...{ failing: values("failing"), dead: values("dead"), oldestAge: values("oldestAge") },
      ...{ latenessP50: values("latenessP50"), latenessP99: values("latenessP99") },
      ...{ latencyP50: values("latencyP50"), latencyP99: values("latencyP99") },
    },
  };
}

/** Without any value. @param missing why */
export function noSeries(missing: string): MetricSeries {
  return { ...metricSeries({ from: 0, to: 0, step: 1 }, () => []), missing };
}
