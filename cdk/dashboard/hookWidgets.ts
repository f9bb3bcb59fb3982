import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type GatewayMetricName, gatewayMetric } from "../gatewayMetric.ts";
import type { DashboardProps } from "./DashboardProps.ts";
import { graph } from "./graph.ts";

/** Hooks by provider: delivered, failed and tried again, dead; how long providers take; how far behind we are. */
export function hookWidgets(scope: Construct, { config }: DashboardProps): IWidget[] {
  const providers = Object.keys(config.memory);
  const each = (name: GatewayMetricName, statistic: string, suffix = "") =>
    providers.map((Provider) =>
      gatewayMetric(scope, name, { statistic, by: { Provider }, label: `${Provider}${suffix}` }),
    );
  return [
    graph("Delivered", each("HookDelivered", "Sum"), { width: 5 }),
    graph("Failed, to be tried again", each("HookFailed", "Sum"), { width: 5 }),
    graph(
      "Dead, and providers taken to be down",
      [...each("HookDead", "Sum"), ...each("BreakerOpen", "Maximum", " down")],
      {
        width: 4,
      },
    ),
    graph(
      "Time a provider takes",
      [...each("ProviderLatency", "p50", " p50"), ...each("ProviderLatency", "p99", " p99")],
      { label: "ms", width: 5 },
    ),
    graph(
      "Oldest unfinished hook",
      [gatewayMetric(scope, "OldestUnfinishedHookAge", { statistic: "Maximum", label: "age" })],
      { label: "s", width: 5 },
    ),
  ];
}
