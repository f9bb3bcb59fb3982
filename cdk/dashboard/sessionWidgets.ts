import { Duration } from "aws-cdk-lib";
import { type IWidget, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { END_REASONS } from "../../lib/domain/Session.ts";
import { type GatewayMetricName, gatewayMetric } from "../gatewayMetric.ts";
import type { DashboardProps } from "./DashboardProps.ts";
import { graph } from "./graph.ts";

/** Sessions: how many live, begin and end, why they end, how punctually. */
export function sessionWidgets(scope: Construct, _props: DashboardProps): IWidget[] {
  const sum = (name: GatewayMetricName) => gatewayMetric(scope, name, { statistic: "Sum" });
  // Nobody counts the sessions that live. What has begun and not ended since the graph's left edge is the change of it.
  const live = new MathExpression({
    expression: "RUNNING_SUM(FILL(started, 0) - FILL(ended, 0))",
    usingMetrics: { started: sum("SessionStarted"), ended: sum("SessionEnded") },
    period: Duration.minutes(5),
    label: "more live than at the left edge",
  });
  const width = 6;
  return [
    graph("Sessions live, more or less than at the left edge", [live], { width, min: undefined }),
    graph(
      "Sessions started and ended",
      [
        gatewayMetric(scope, "SessionStarted", { statistic: "Sum", label: "started" }),
        gatewayMetric(scope, "SessionEnded", { statistic: "Sum", label: "ended" }),
      ],
      { width },
    ),
    graph(
      "Sessions ended, by reason",
      END_REASONS.map((reason) =>
        gatewayMetric(scope, "SessionEnded", { statistic: "Sum", by: { Reason: reason }, label: reason }),
      ),
      { width },
    ),
    graph(
      "From the deadline to the end",
      ["p50", "p99"].map((statistic) => gatewayMetric(scope, "ExpiryLateness", { statistic, label: statistic })),
      { label: "ms", width },
    ),
  ];
}
