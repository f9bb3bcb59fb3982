import { Duration } from "aws-cdk-lib";
import { type IWidget, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { END_REASONS } from "../../lib/domain/Session.ts";
import { gatewayMetric } from "../gatewayMetric.ts";
import { graph } from "./graph.ts";

/** Sessions: how many live, begin and end, why they end, how punctually. */
export function sessionWidgets(scope: Construct): IWidget[] {
  const started = gatewayMetric(scope, "SessionStarted", { statistic: "Sum" });
  const ends = END_REASONS.map((Reason) => gatewayMetric(scope, "SessionEnded", { statistic: "Sum", by: { Reason } }));
  const ids = ends.map((_, index) => `ended${index}`);
  const ended = `(${ids.map((id) => `FILL(${id}, 0)`).join(" + ")})`;
  const usingMetrics = { started, ...Object.fromEntries(ends.map((metric, index) => [ids[index], metric])) };
  // Nobody counts the sessions that live. What has begun and not ended since the graph's left edge is the change of it.
  const live = new MathExpression({
    expression: `RUNNING_SUM(FILL(started, 0) - ${ended})`,
    usingMetrics,
    period: Duration.minutes(5),
    label: "more live than at the left edge",
  });
  const width = 6;
  return [
    graph("Sessions live, more or less than at the left edge", [live], { width, min: undefined }),
    graph("Sessions started", [started.with({ label: "started" })], { width }),
    graph(
      "Sessions ended, by reason",
      ends.map((metric, index) => metric.with({ label: END_REASONS[index] ?? "" })),
      { width },
    ),
    graph(
      "From the deadline to the end",
      ["p50", "p99"].map((statistic) => gatewayMetric(scope, "ExpiryLateness", { statistic, label: statistic })),
      { label: "ms", width },
    ),
  ];
}
