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
export const METRIC_NAMES = [
  "messages",
  "started",
  "idle",
  "daily",
  "reset",
  "otherEnds",
  "delivered",
  "failing",
  "dead",
  "oldestAge",
  "latenessP50",
  "latenessP99",
  "latencyP50",
  "latencyP99",
] as const;

export type MetricName = (typeof METRIC_NAMES)[number];
