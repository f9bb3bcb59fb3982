import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { EventSourceMapping, FilterCriteria, StartingPosition } from "aws-cdk-lib/aws-lambda";
import { SqsDlq, SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Schedule, ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { Construct } from "constructs";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { FunctionTarget } from "./FunctionTarget.ts";
import { GatewayFunction } from "./GatewayFunction.ts";
import { GatewayQueue } from "./GatewayQueue.ts";
import type { GatewayTable } from "./GatewayTable.ts";
import type { SessionEndQueue } from "./SessionEndQueue.ts";
import { wiring } from "./wiring.ts";

export interface ExpiryProps {
  readonly settings: FunctionSettings;
  readonly table: GatewayTable;
  /** Where a sealed session's hooks go. */
  readonly sessionEnd: Pick<SessionEndQueue, "queues" | "urls">;
  /** Sweeps that share what is due. */
  readonly sweeps: number;
  /** Executions that are kept for the function. */
  readonly reservedConcurrency?: number | undefined;
}

/**
 * What ends sessions and seals them: the table's stream, the sweep of each minute with the queue that brings its visits at
 * their moments, the retention of each ten minutes.
 */
export class Expiry extends Construct {
  readonly function: GatewayFunction;
  /** Sessions that a sweep saw coming, each delayed until it is due. */
  readonly visitQueue: GatewayQueue;
  /** Positions of stream records that the function failed on for good; the sweep seals their sessions. */
  readonly streamFailuresQueue: GatewayQueue;
  /** One for each part of what is due. */
  readonly sweeps: readonly Schedule[];
  readonly retention: Schedule;

  constructor(scope: Construct, id: string, props: ExpiryProps) {
    super(scope, id);
    const { settings, table, sessionEnd, sweeps } = props;
    const { stream, schedules, timeouts, visits } = wiring;
    // The table knows each session that is due, and the next sweep reads it: losing this queue loses nothing.
    this.visitQueue = new GatewayQueue(this, "VisitQueue", { ...visits, removalPolicy: RemovalPolicy.DESTROY });
    Validations.of(this.visitQueue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason: "A visit that fails is made by the next sweep; its message is of no use any more",
    });
    this.function = new GatewayFunction(this, "Function", {
      settings,
      name: "expiry",
      description: "Vesper: ends and seals sessions, enqueues overdue hooks, deletes what is past its retention",
      table: table.table,
      timeout: timeouts.expiry,
      reservedConcurrency: props.reservedConcurrency,
      // The schedules call it asynchronously: what holds for a late sweep holds for one that failed.
      retryAttempts: schedules.sweep.retryAttempts,
      maxEventAge: schedules.sweep.maxEventAge,
      environment: { SESSION_END_QUEUE_URLS: sessionEnd.urls, VISIT_QUEUE_URL: this.visitQueue.queueUrl },
    });
    table.grantItems(this.function, {
      CHAT: ["GetItem"],
      CONV: ["DeleteItem", "GetItem", "UpdateItem"],
      SESSION: ["BatchWriteItem", "GetItem", "PutItem", "Query", "UpdateItem"],
      PROVIDER: ["GetItem"],
    });
    table.grantIndex(this.function);
    table.grantStream(this.function);
    for (const queue of sessionEnd.queues.values()) {
      queue.grant(this.function, "sqs:GetQueueAttributes", "sqs:SendMessage");
    }

    this.visitQueue.grant(this.function, "sqs:SendMessage");
    this.function.addEventSource(
      new SqsEventSource(this.visitQueue, {
        batchSize: visits.batchSize,
        maxConcurrency: visits.batchesASweep * sweeps,
      }),
    );

    // It holds positions, not records; the table knows every session that is not sealed.
    this.streamFailuresQueue = new GatewayQueue(this, "StreamFailuresQueue", {
      retention: stream.failuresRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(this.streamFailuresQueue).acknowledge({
      id: "AwsSolutions-SQS3",
      reason:
        "It is a dead-letter queue itself: the stream's, which names it by its mapping and not by a redrive policy",
    });
    new EventSourceMapping(this, "Stream", {
      target: this.function,
      eventSourceArn: table.streamArn,
      startingPosition: StartingPosition[stream.startingPosition],
      batchSize: stream.batchSize,
      maxBatchingWindow: Duration.seconds(stream.maxBatchingWindow),
      parallelizationFactor: stream.parallelizationFactor,
      reportBatchItemFailures: true,
      bisectBatchOnError: stream.bisectBatchOnError,
      retryAttempts: stream.retryAttempts,
      maxRecordAge: Duration.seconds(stream.maxRecordAge),
      onFailure: new SqsDlq(this.streamFailuresQueue),
      filters: stream.filters.map((filter) => FilterCriteria.filter(filter)),
    });

    const target = new FunctionTarget(this, this.function);
    this.sweeps = Array.from({ length: sweeps }, (_, part) => {
      const input = { ...schedules.sweep.input, part, of: sweeps };
      return new Schedule(this, part === 0 ? "Sweep" : `Sweep${part}`, {
        description: "Ends the sessions that fall due within the minute and enqueues overdue hooks again",
        schedule: ScheduleExpression.expression(schedules.sweep.expression),
        target: target.with({ ...schedules.sweep, input }),
      });
    });
    this.retention = new Schedule(this, "Retention", {
      description: "Deletes the transcripts that are past their retention and wholly delivered",
      schedule: ScheduleExpression.expression(schedules.retention.expression),
      target: target.with(schedules.retention),
    });
  }
}
