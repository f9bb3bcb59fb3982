import { Duration, Stack } from "aws-cdk-lib";
import { TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm, type GatewayAlarmProps } from "./GatewayAlarm.ts";

/**
 * How old a message may get that nobody works, seconds. One whose agent fails is given up by
 * then, and its user told.
 */
const LONG_WAITING = 15 * 60;

/** Queues in which nothing should ever be, and the one in which nothing should stay. */
export class QueueAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, topic }: AlarmsProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    new GatewayAlarm(this, "Inbound", {
      name: "inbound-dead-letters",
      topic,
      ...anyMessage(gateway.inbound.deadLetterQueue),
      impact:
        "Users' messages could not be worked for more than half an hour, and were given up: they have no answer. They are kept for 14 days.",
      causes:
        "the platform refuses our replies or its token is wrong; the table or a secret can't be read; the message function has a bug or runs out of time. (An agent that fails does not lead here: its turn is stored as failed.)",
      nextStep: `run "${gateway.inbound.function.tailCommand} --filter-pattern error". "npx vesper inbound ls --stack ${stackName}" explains each. When the cause is mended: "npx vesper inbound redrive --all --stack ${stackName}"; a message whose turn was stored makes no second one.`,
    });
    new GatewayAlarm(this, "InboundWaiting", {
      name: "inbound-waiting",
      topic,
      metric: gateway.inbound.queue.metricApproximateAgeOfOldestMessage({
        statistic: "Maximum",
        period: Duration.minutes(1),
      }),
      // No value means that the queue is empty, as SQS tells the age only while there is a message:
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
      threshold: LONG_WAITING,
      impact:
        "Somebody has waited for an answer for 15 minutes. After 14 days in the queue SQS drops a message without a word.",
      causes:
        "the event source mapping between the queue and the message function is disabled, or its role may not receive; more messages come in than inboundConcurrency turns can answer, or the agent is slow; the account has too few concurrent executions; in a conversation with many messages each waits for the one before it, while the platform is away or the table can't be read.",
      nextStep: `run "aws lambda list-event-source-mappings --function-name ${gateway.inbound.function.functionName} --query 'EventSourceMappings[].[UUID,State]'" (the state must be Enabled; else "aws lambda update-event-source-mapping --enabled --uuid UUID"), then "${gateway.inbound.function.tailCommand}".`,
    });
    new GatewayAlarm(this, "SessionEnd", {
      name: "session-end-dead-letters",
      topic,
      ...anyMessage(gateway.sessionEnd.deadLetterQueue),
      impact: "Dead hooks wait for an operator: these sessions are not in the memory of their provider.",
      causes: `see the alarm ${stackName}-dead-hooks. A job without a dead hook was received 100 times without getting as far as its row: the table can't be read or written, or the job is of an unknown version.`,
      nextStep: `run "npx vesper hooks ls --status dead --stack ${stackName}", mend the cause, then "npx vesper hooks redrive --all --stack ${stackName}", which empties the queue too.`,
    });
    new GatewayAlarm(this, "StreamFailures", {
      name: "stream-failures",
      topic,
      ...anyMessage(gateway.expiry.streamFailuresQueue),
      impact:
        "Some session ends were not sealed from the stream. The sweep finds and seals them within 24 hours: late, but none is lost.",
      causes: "the table or the session-end queue was throttled or away for long; a bug in the expiry function.",
      nextStep: `run "${gateway.expiry.function.tailCommand} --filter-pattern error" and mend the cause. "npx vesper sessions ls --stack ${stackName}" shows what the sweep has sealed. Then purge the queue: it holds positions, not data.`,
    });
  }
}

/** Goes off with the first message, and is over when the queue is empty. */
function anyMessage(queue: IQueue): Pick<GatewayAlarmProps, "metric" | "threshold" | "missing"> {
  return {
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: "Maximum", period: Duration.minutes(1) }),
    threshold: 1,
    // A queue that nobody touches for six hours stops reporting, though the messages are still there.
    missing: TreatMissingData.IGNORE,
  };
}
