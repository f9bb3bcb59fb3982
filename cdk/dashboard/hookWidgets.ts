import type { IWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { type GatewayMetricName, gatewayMetric } from "../gatewayMetric.ts";
import { graph } from "./graph.ts";

/**
 * Hooks: delivered, failed and tried again, dead; how long providers take; how far behind we are. Which provider it is, the
 * operators' page says: each of them here would be four metrics more to pay.
 */
export function hookWidgets(scope: Construct): IWidget[] {
  const line = (name: GatewayMetricName, statistic: string, label: string) =>
    gatewayMetric(scope, name, { statistic, label });
  return [
    graph("Delivered", [line("HookDelivered", "Sum", "delivered")], { width: 5 }),
    graph("Failed, to be tried again", [line("HookFailed", "Sum", "failed")], { width: 5 }),
    graph(
      "Dead, and a provider taken to be down",
      [line("HookDead", "Sum", "dead"), line("BreakerOpen", "Maximum", "down")],
      { width: 4 },
    ),
    graph("Time a provider takes", [line("ProviderLatency", "p50", "p50"), line("ProviderLatency", "p99", "p99")], {
      label: "ms",
      width: 5,
    }),
    graph(
      "Oldest unfinished hook",
      [gatewayMetric(scope, "OldestUnfinishedHookAge", { statistic: "Maximum", label: "age" })],
      { label: "s", width: 5 },
    ),
  ];
}
