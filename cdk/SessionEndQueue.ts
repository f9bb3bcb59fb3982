import { Duration } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { GatewayFunction } from "./GatewayFunction.ts";
import { visibilityTimeout } from "./visibilityTimeout.ts";

const FUNCTION_TIMEOUT = Duration.seconds(60);

/** The longest that SQS keeps a message. */
const RETENTION = Duration.days(14);

export interface SessionEndQueueProps {
  readonly configPath: string;
  readonly table: Table;
}

/** Jobs of one sealed session for one memory provider each; the function that delivers them; and the dead ones. */
export class SessionEndQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly function: GatewayFunction;

  constructor(scope: Construct, id: string, props: SessionEndQueueProps) {
    super(scope, id);
    this.deadLetterQueue = new Queue(this, "DeadLetterQueue", { retentionPeriod: RETENTION });
    this.queue = new Queue(this, "Queue", {
      visibilityTimeout: visibilityTimeout(FUNCTION_TIMEOUT),
      retentionPeriod: RETENTION,
      // The hook's row counts the attempts and ends them; this catches only a job that never gets as far as its row.
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 100 },
    });
    this.function = new GatewayFunction(this, "Function", {
      entry: "functions/session-end.ts",
      configPath: props.configPath,
      timeout: FUNCTION_TIMEOUT,
      environment: {
        TABLE_NAME: props.table.tableName,
        SESSION_END_QUEUE_URL: this.queue.queueUrl,
        SESSION_END_DLQ_URL: this.deadLetterQueue.queueUrl,
      },
    });
    props.table.grantReadWriteData(this.function);
    this.deadLetterQueue.grantSendMessages(this.function);
    this.function.grantReadSecrets();
    // One job an invocation: nobody waits for another provider's failure.
    this.function.addEventSource(new SqsEventSource(this.queue, { batchSize: 1, reportBatchItemFailures: true }));
  }
}
