import { Duration, Stack } from "aws-cdk-lib";
import { ComparisonOperator, Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm } from "./GatewayAlarm.ts";

/** Five minutes: sealing takes well under a second, and the sweep covers for it meanwhile. Milliseconds. */
const STREAM_BEHIND = 5 * 60_000;

/** Whether sessions are ended and sealed in time. */
export class ExpiryAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, topic }: AlarmsProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    new GatewayAlarm(this, "IteratorAge", {
      name: "stream-behind",
      topic,
      metric: new Metric({
        namespace: "AWS/Lambda",
        metricName: "IteratorAge",
        dimensionsMap: { FunctionName: gateway.expiry.function.functionName },
        statistic: "Maximum",
        period: Duration.minutes(1),
      }),
      threshold: STREAM_BEHIND,
      evaluationPeriods: 3,
      impact:
        "Sessions that ended are delivered late. After 23 hours their records go to the failures queue, and the sweep takes over.",
      causes: "the expiry function is throttled, fails or is too slow for a large daily reset; the table is throttled.",
      nextStep: `look at the throttles of the expiry function on the dashboard, and run "${gateway.expiry.function.tailCommand}". A large daily reset that only takes its time needs nothing.`,
    });
    new GatewayAlarm(this, "Recovered", {
      name: "recovered-sessions",
      topic,
      metric: gatewayMetric(this, "SessionEnded", { statistic: "Sum", by: { Reason: "recovered" } }),
      // One: the stream passes an end on within seconds, and the sweep has waited five minutes more for it.
      threshold: 1,
      impact:
        "The sweep sealed what the stream did not pass on: sessions are delivered minutes late, reset ones up to a day, and without their true reason. None is lost.",
      causes:
        "the event source mapping between the table's stream and the expiry function is disabled or lost its role; the stream was behind, or gave records up; the sweep was down, and both are now making good what waited.",
      nextStep: `run "aws lambda list-event-source-mappings --function-name ${gateway.expiry.function.functionName} --query 'EventSourceMappings[].[UUID,State,LastProcessingResult]'" (the state must be Enabled; else "aws lambda update-event-source-mapping --enabled --uuid UUID"), then "${gateway.expiry.function.tailCommand}".`,
    });
    new GatewayAlarm(this, "Visits", {
      name: "failed-visits",
      topic,
      metric: gatewayMetric(this, "VisitFailed", { statistic: "Sum" }),
      threshold: 1,
      // A blip of the table is over by then: each sweep makes the failed visits of the one before again.
      evaluationPeriods: 3,
      impact:
        "The sweep has failed at the same work for a quarter of an hour: some sessions do not end or are not sealed in time, or overdue hooks are not enqueued again. Nothing is lost.",
      causes:
        "the table or the session-end queue refuses calls; a newer version wrote these rows before a deploy back; a row is spoiled.",
      nextStep: `run "${gateway.expiry.function.tailCommand} --filter-pattern visit.failed": each line has the row's key and its error. NewerVersion: deploy the newer code. A spoiled row: see docs/operate/runbook.md, "failed-visits".`,
    });
    const { length: sweeps } = gateway.expiry.sweeps;
    // An alarm for each: how many of them ran in five minutes differs by more than one that does not.
    for (let part = 0; part < sweeps; part++) {
      const [id, name, share] =
        sweeps === 1 ? ["Sweep", "sweep", ""] : [`Sweep${part}`, `sweep-${part}`, ` of part ${part} of ${sweeps}`];
      new GatewayAlarm(this, id, {
        name: `${name}-not-running`,
        topic,
        metric: gatewayMetric(this, "SweepDone", {
          statistic: "Sum",
          ...(sweeps === 1 ? {} : { by: { Part: String(part) } }),
        }),
        threshold: 1,
        comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
        // A sweep that does not run puts no value.
        missing: TreatMissingData.BREACHING,
        impact: `No sweep${share} in five minutes: sessions end with the next message or by TTL, hours late; lost jobs are not found. Nothing is lost.`,
        causes:
          "the schedule is disabled or lost its role; the expiry function fails, is throttled or runs out of time. In the first minutes after the first deployment it means nothing.",
        nextStep: `run "aws scheduler list-schedules --name-prefix ${stackName}" (the state must be ENABLED), then "${gateway.expiry.function.tailCommand}".`,
      });
    }
  }
}
