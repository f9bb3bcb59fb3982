import { Stack } from "aws-cdk-lib";
import { ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm } from "./GatewayAlarm.ts";

/** An hour of five-minute values: six runs of the schedule in a row. A throttled one is made good by the next. */
const HOUR = 12;

/** Whether transcripts are deleted when their retention is over. */
export class RetentionAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, topic }: AlarmsProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const log = gateway.expiry.function.tailCommand;
    new GatewayAlarm(this, "NotRunning", {
      name: "retention-not-running",
      topic,
      metric: gatewayMetric(this, "PurgeDone", { statistic: "Sum" }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: HOUR,
      // A run that does not end puts no value.
      missing: TreatMissingData.BREACHING,
      impact: "No run of retention in an hour: transcripts are kept for longer than the config says, and cost storage.",
      causes:
        "the schedule is disabled or lost its role; the expiry function fails, is throttled or runs out of time. In the first minutes after the first deployment it means nothing.",
      nextStep: `run "aws scheduler list-schedules --name-prefix ${stackName}" (the state must be ENABLED), then "${log}" and look for purge.done.`,
    });
    new GatewayAlarm(this, "Failed", {
      name: "purge-failures",
      topic,
      metric: gatewayMetric(this, "PurgeFailed", { statistic: "Sum" }),
      // One: what this run could not delete waits for the next, but nobody else says which session it is.
      threshold: 1,
      impact:
        "Sessions whose retention is over could not be deleted. Each run tries them again; until then their words are kept for longer than the config says.",
      causes:
        "the table is throttled for longer than three seconds; a newer version wrote rows of these sessions before a deploy back; a row is spoiled.",
      nextStep: `run "${log} --filter-pattern purge.failed": each line has a session and its error. NewerVersion: deploy the newer code. UnprocessedBatch: see the table's throttles on the dashboard.`,
    });
  }
}
