import { Duration, Stack } from "aws-cdk-lib";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { DeduplicationScope, FifoThroughputLimit, Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { GatewayFunction } from "./GatewayFunction.ts";
import { visibilityTimeout } from "./visibilityTimeout.ts";

const FUNCTION_TIMEOUT = Duration.seconds(60);

/** The longest that SQS keeps a message: a weekend without an operator loses nothing. */
const RETENTION = Duration.days(14);

export interface InboundQueueProps {
  readonly configPath: string;
  readonly table: Table;
}

/** Messages on their way to the agent, in order within a conversation; the message function; and what it gave up on. */
export class InboundQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
  readonly function: GatewayFunction;

  constructor(scope: Construct, id: string, props: InboundQueueProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    // Named, because not everything that reads a template adds the `.fifo` that these names must end in.
    this.deadLetterQueue = new Queue(this, "DeadLetterQueue", {
      queueName: `${stackName}-inbound-dead.fifo`,
      fifo: true,
      retentionPeriod: RETENTION,
    });
    this.queue = new Queue(this, "Queue", {
      queueName: `${stackName}-inbound.fifo`,
      fifo: true,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      visibilityTimeout: visibilityTimeout(FUNCTION_TIMEOUT),
      retentionPeriod: RETENTION,
      // A message that waits for a turn's lease is received again and again without being at fault.
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 10 },
    });
    this.function = new GatewayFunction(this, "Function", {
      entry: "functions/message.ts",
      configPath: props.configPath,
      timeout: FUNCTION_TIMEOUT,
      // The agent's libraries load within this; CPU comes with memory.
      memorySize: 512,
      environment: { TABLE_NAME: props.table.tableName, INBOUND_QUEUE_URL: this.queue.queueUrl },
    });
    props.table.grantReadWriteData(this.function);
    this.function.grantReadSecrets();
    // One message an invocation: the crash of one conversation's turn never repeats another's reply.
    this.function.addEventSource(new SqsEventSource(this.queue, { batchSize: 1, reportBatchItemFailures: true }));
  }
}
