import { Duration, Stack } from "aws-cdk-lib";
import { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";

/** The metrics that the functions put, all in the namespace `Vesper`. */
export type GatewayMetricName =
  | "BreakerOpen"
  | "ExpiryLateness"
  | "HookDead"
  | "HookDelivered"
  | "HookFailed"
  | "ModelInputTokens"
  | "ModelOutputTokens"
  | "OldestUnfinishedHookAge"
  | "ProviderLatency"
  | "PurgeDone"
  | "PurgeFailed"
  | "ReplyFailed"
  | "ReplyPurged"
  | "ReplySent"
  | "ReplyUnsent"
  | "SessionEnded"
  | "SessionStarted"
  | "SweepDone"
  | "TurnFailed"
  | "VisitFailed";

export interface GatewayMetricProps {
  /** Such as `Sum`, `Maximum` or `p99`. */
  readonly statistic: string;
  /** One value of the further dimension that the metric is put with. @default none: the metric has no other dimension */
  readonly by?: Readonly<Record<"Part", string> | Record<"Reason", string>>;
  /** What the dashboard calls it. @default the metric's name */
  readonly label?: string;
}

/** One of the gateway's own metrics, five minutes a value. */
export function gatewayMetric(scope: Construct, name: GatewayMetricName, props: GatewayMetricProps): Metric {
  return new Metric({
    namespace: "Vesper",
    metricName: name,
    dimensionsMap: { Gateway: Stack.of(scope).stackName, ...props.by },
    statistic: props.statistic,
    period: Duration.minutes(5),
    ...(props.label === undefined ? {} : { label: props.label }),
  });
}
