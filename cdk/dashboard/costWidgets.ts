import { Duration } from "aws-cdk-lib";
import { type IMetric, type IWidget, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { SessionGateway } from "../SessionGateway.ts";
import { graph } from "./graph.ts";

const PERIOD = Duration.hours(1);

/** What the bill is made of, by the hour: function time, capacity units of the table, calls to the queues; and
 * what the models read and wrote, which is paid elsewhere. */
export function costWidgets(scope: Construct, gateway: SessionGateway): IWidget[] {
  const { ingress, inbound, sessionEnd, expiry, table } = gateway;
  const functions = [ingress.function, inbound.function, expiry.function, sessionEnd.function];
  const queues = [["inbound", [inbound.queue]] as const, ["session-end", [...sessionEnd.queues.values()]] as const];
  const sum = { statistic: "Sum", period: PERIOD };
  return [
    graph(
      "Function time",
      functions.map((one) => {
        const { shortName: label } = one;
        const id = label.replace("-", "");
        return new MathExpression({
          expression: `${id} * ${one.memory / 1024} / 1000`,
          usingMetrics: { [id]: one.metricDuration(sum) },
          period: PERIOD,
          label,
        });
      }),
      { label: "GB-s an hour", width: 6 },
    ),
    graph(
      "Table",
      [
        table.table.metricConsumedWriteCapacityUnits({ ...sum, label: "write units" }),
        table.table.metricConsumedReadCapacityUnits({ ...sum, label: "read units" }),
      ],
      { label: "units an hour", width: 6 },
    ),
    graph(
      "Queue calls",
      queues.flatMap(([name, some]) =>
        some.length === 0
          ? []
          : [
              total(
                `${name} sent`,
                some.map((queue) => queue.metricNumberOfMessagesSent(sum)),
              ),
              total(
                `${name} received`,
                some.map((queue) => queue.metricNumberOfMessagesReceived(sum)),
              ),
              total(
                `${name} empty receives`,
                some.map((queue) => queue.metricNumberOfEmptyReceives(sum)),
              ),
            ],
      ),
      { label: "an hour", width: 6 },
    ),
    graph(
      "Model tokens",
      [
        gatewayMetric(scope, "ModelInputTokens", { statistic: "Sum", label: "in" }),
        gatewayMetric(scope, "ModelOutputTokens", { statistic: "Sum", label: "out" }),
      ],
      { width: 6 },
    ),
  ];
}

/** One line for all of them together. */
function total(label: string, metrics: readonly IMetric[]): IMetric {
  // An id must be the dashboard graph's own, in all of its lines.
  const ids = metrics.map((_, index) => `${label.replaceAll(/[^a-z]/g, "")}${index}`);
  return new MathExpression({
    expression: ids.join(" + "),
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [ids[index], metric])),
    period: PERIOD,
    label,
  });
}
