import { Duration } from "aws-cdk-lib";
import type { ITable, Table } from "aws-cdk-lib/aws-dynamodb";
import { FilterCriteria, FilterRule, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { DynamoEventSource, SqsDlq } from "aws-cdk-lib/aws-lambda-event-sources";
import { Schedule, ScheduleExpression, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import { LambdaInvoke } from "aws-cdk-lib/aws-scheduler-targets";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { GatewayFunction } from "./GatewayFunction.ts";

export interface ExpiryProps {
  readonly configPath: string;
  readonly table: Table;
  /** Where a sealed session's hooks go. */
  readonly sessionEndQueue: Queue;
}

/** What ends sessions and seals them: the table's stream, the sweep of each minute, the retention of each day. */
export class Expiry extends Construct {
  readonly function: GatewayFunction;
  /** Positions of stream records that the function failed on for good; the sweep seals their sessions. */
  readonly streamFailuresQueue: Queue;

  constructor(scope: Construct, id: string, props: ExpiryProps) {
    super(scope, id);
    this.function = new GatewayFunction(this, "Function", {
      entry: "functions/expiry.ts",
      configPath: props.configPath,
      // A sweep waits in place for what falls due within the next minute, and then ends it.
      timeout: Duration.seconds(120),
      // The schedules call it asynchronously, and the next call comes anyway: a late sweep is of no use beside it.
      retryAttempts: 0,
      maxEventAge: Duration.minutes(1),
      environment: {
        TABLE_NAME: props.table.tableName,
        SESSION_END_QUEUE_URL: props.sessionEndQueue.queueUrl,
      },
    });
    props.table.grantReadWriteData(this.function);
    props.sessionEndQueue.grantSendMessages(this.function);

    this.streamFailuresQueue = new Queue(this, "StreamFailuresQueue", { retentionPeriod: Duration.days(14) });
    this.function.addEventSource(
      // The cast: `Table` declares its stream's ARN as "maybe undefined", `ITable` as "maybe absent"; both mean the same.
      new DynamoEventSource(props.table as ITable, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(0),
        parallelizationFactor: 10,
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 5,
        onFailure: new SqsDlq(this.streamFailuresQueue),
        // A conversation stopped naming its session: its item is gone, or was given a successor.
        filters: [
          FilterCriteria.filter({
            eventName: FilterRule.isEqual("REMOVE"),
            dynamodb: { Keys: { sk: { S: FilterRule.isEqual("LIVE") } } },
          }),
          FilterCriteria.filter({
            eventName: FilterRule.isEqual("MODIFY"),
            dynamodb: {
              Keys: { sk: { S: FilterRule.isEqual("LIVE") } },
              NewImage: { ended: { S: FilterRule.exists() } },
            },
          }),
        ],
      }),
    );

    new Schedule(this, "Sweep", {
      description: "Ends the sessions that fall due within the minute and enqueues overdue hooks again",
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(this.function, {
        input: ScheduleTargetInput.fromObject({ type: "sweep" }),
        retryAttempts: 0,
      }),
    });
    new Schedule(this, "Retention", {
      description: "Deletes the transcripts that are past their retention and wholly delivered",
      // Away from the full hour and from the daily boundaries that people choose.
      schedule: ScheduleExpression.cron({ minute: "17", hour: "3" }),
      target: new LambdaInvoke(this.function, { input: ScheduleTargetInput.fromObject({ type: "retention" }) }),
    });
  }
}
