import { Duration } from "aws-cdk-lib";
import { type IWidget, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { SessionGateway } from "../SessionGateway.ts";
import { graph } from "./graph.ts";

const PERIOD = Duration.minutes(5);

/** Messages in and replies out, what waits in the queues and for how long, and whether the clocks run. */
export function flowWidgets(scope: Construct, gateway: SessionGateway): IWidget[][] {
  const { ingress, inbound, sessionEnd, expiry } = gateway;
  const queues = [
    ["inbound", inbound.queue] as const,
    ...Array.from(sessionEnd.queues, ([provider, queue]) => [`session-end ${provider}`, queue] as const),
  ];
  const dead = {
    inbound: inbound.deadLetterQueue,
    "session-end": sessionEnd.deadLetterQueue,
    stream: expiry.streamFailuresQueue,
  };
  const calls = (label: string, metric: Metric) => metric.with({ period: PERIOD, label });
  return [
    [
      graph("Webhook calls", [
        calls("all", ingress.door.calls),
        calls("refused (4xx)", ingress.door.refused),
        calls("failed (5xx)", ingress.door.failed),
      ]),
      graph("Replies", [
        gatewayMetric(scope, "ReplySent", { statistic: "Sum", label: "sent" }),
        gatewayMetric(scope, "ReplyFailed", { statistic: "Sum", label: "failed" }),
        gatewayMetric(scope, "TurnFailed", { statistic: "Sum", label: "turns failed" }),
      ]),
      graph("Sweeps, retention and the stream", [
        gatewayMetric(scope, "SweepDone", { statistic: "Sum", label: "sweeps" }),
        gatewayMetric(scope, "VisitFailed", { statistic: "Sum", label: "failed visits" }),
        gatewayMetric(scope, "PurgeDone", { statistic: "Sum", label: "runs of retention" }),
        gatewayMetric(scope, "PurgeFailed", { statistic: "Sum", label: "sessions not deleted" }),
        new Metric({
          namespace: "AWS/Lambda",
          metricName: "IteratorAge",
          dimensionsMap: { FunctionName: expiry.function.functionName },
          statistic: "Maximum",
          period: PERIOD,
          label: "stream behind, ms",
        }),
      ]),
    ],
    [
      graph(
        "Messages that wait",
        queues.map(([label, queue]) =>
          queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIOD, label }),
        ),
      ),
      graph(
        "The longest wait",
        queues.map(([label, queue]) =>
          queue.metricApproximateAgeOfOldestMessage({ statistic: "Maximum", period: PERIOD, label }),
        ),
        { label: "s" },
      ),
      graph(
        "Dead letters",
        Object.entries(dead).map(([label, queue]) =>
          queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: PERIOD, label }),
        ),
      ),
    ],
  ];
}
