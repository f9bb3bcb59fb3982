import { Duration } from "aws-cdk-lib";
import { type IWidget, MathExpression } from "aws-cdk-lib/aws-cloudwatch";
import type { DashboardProps } from "./DashboardProps.ts";
import { graph } from "./graph.ts";

const PERIOD = Duration.hours(1);

/** What the bill is made of, by the hour: function time, capacity units of the table, calls to the queues. */
export function costWidgets({ gateway }: DashboardProps): IWidget[] {
  const { ingress, inbound, sessionEnd, expiry, table } = gateway;
  const functions = [ingress.function, inbound.function, expiry.function, sessionEnd.function];
  const queues = { inbound: inbound.queue, "session-end": sessionEnd.queue };
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
      { label: "GB-s an hour" },
    ),
    graph(
      "Table",
      [
        table.table.metricConsumedWriteCapacityUnits({ ...sum, label: "write units" }),
        table.table.metricConsumedReadCapacityUnits({ ...sum, label: "read units" }),
      ],
      { label: "units an hour" },
    ),
    graph(
      "Queue calls",
      Object.entries(queues).flatMap(([name, queue]) => [
        queue.metricNumberOfMessagesSent({ ...sum, label: `${name} sent` }),
        queue.metricNumberOfMessagesReceived({ ...sum, label: `${name} received` }),
        queue.metricNumberOfEmptyReceives({ ...sum, label: `${name} empty receives` }),
      ]),
      { label: "an hour" },
    ),
  ];
}
