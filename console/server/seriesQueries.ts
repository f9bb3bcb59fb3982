import type { EndReason } from "../../lib/domain/Session.ts";
import type { MetricName } from "./MetricSeries.ts";

/** How the values of one step become one, as CloudWatch names it. */
export type Statistic = "Sum" | "Maximum" | "p50" | "p99";

/** What a series is made of; the same for values in logs on this machine and for CloudWatch. */
export interface SeriesQuery {
  /** The metric, in the namespace `Vesper`. */
  readonly metric: string;
  /** Only values with one of these reasons. Absent: all of the gateway's. */
  readonly reasons?: readonly EndReason[];
  readonly statistic: Statistic;
}

/** The charts' series. A sum is of events, each put as a 1; percentiles are of milliseconds, the age is in seconds. */
export const SERIES_QUERIES: Readonly<Record<MetricName, SeriesQuery>> = {
  messages: { metric: "ReplySent", statistic: "Sum" },
  started: { metric: "SessionStarted", statistic: "Sum" },
  idle: { metric: "SessionEnded", reasons: ["idle"], statistic: "Sum" },
  daily: { metric: "SessionEnded", reasons: ["daily"], statistic: "Sum" },
  reset: { metric: "SessionEnded", reasons: ["reset"], statistic: "Sum" },
  otherEnds: { metric: "SessionEnded", reasons: ["max-age", "max-size", "api", "gone", "recovered"], statistic: "Sum" },
  delivered: { metric: "HookDelivered", statistic: "Sum" },
  failing: { metric: "HookFailed", statistic: "Sum" },
  dead: { metric: "HookDead", statistic: "Sum" },
  oldestAge: { metric: "OldestUnfinishedHookAge", statistic: "Maximum" },
  latenessP50: { metric: "ExpiryLateness", statistic: "p50" },
  latenessP99: { metric: "ExpiryLateness", statistic: "p99" },
  latencyP50: { metric: "ProviderLatency", statistic: "p50" },
  latencyP99: { metric: "ProviderLatency", statistic: "p99" },
};
