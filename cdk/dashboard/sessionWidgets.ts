import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { END_REASONS } from "../../lib/session/EndReason.ts";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { DashboardProps } from "./DashboardProps.ts";
import { graph } from "./graph.ts";

/** Sessions: how many begin, why they end, how punctually. */
export function sessionWidgets(scope: Construct, _props: DashboardProps): IWidget[] {
  return [
    graph("Sessions started and ended", [
      gatewayMetric(scope, "SessionStarted", { statistic: "Sum", label: "started" }),
      gatewayMetric(scope, "SessionEnded", { statistic: "Sum", label: "ended" }),
    ]),
    graph(
      "Sessions ended, by reason",
      END_REASONS.map((reason) =>
        gatewayMetric(scope, "SessionEnded", { statistic: "Sum", by: { Reason: reason }, label: reason }),
      ),
    ),
    graph(
      "From the deadline to the end",
      ["p50", "p99"].map((statistic) => gatewayMetric(scope, "ExpiryLateness", { statistic, label: statistic })),
      { label: "ms" },
    ),
  ];
}
