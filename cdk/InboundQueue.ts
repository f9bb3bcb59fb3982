import { RemovalPolicy } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import type { Config } from "../lib/config/Config.ts";
import { functionGrants, functionSecrets } from "../lib/config/secrets.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { GatewayFunction } from "./GatewayFunction.ts";
import { GatewayQueue } from "./GatewayQueue.ts";
import type { GatewayTable } from "./GatewayTable.ts";
import { wiring } from "./wiring.ts";

export interface InboundQueueProps {
  readonly config: Config;
  readonly settings: FunctionSettings;
  readonly table: GatewayTable;
  /** Turns made at once, 2 to 1,000. */
  readonly concurrency: number;
  /** MB of the message function. */
  readonly memorySize: number;
  /** What becomes of accepted messages when the stack goes: they are nowhere else. */
  readonly removalPolicy: RemovalPolicy;
}

/** Messages on their way to the agent, in order within a conversation; the message function; and what it gave up on. */
export class InboundQueue extends Construct {
  readonly queue: GatewayQueue;
  readonly deadLetterQueue: GatewayQueue;
  readonly function: GatewayFunction;

  constructor(scope: Construct, id: string, props: InboundQueueProps) {
    super(scope, id);
    const { config, settings, table, concurrency, memorySize } = props;
    const { visibilityTimeout, retention, maxReceiveCount, batchSize } = wiring.inbound;
    // A stack whose first deployment fails leaves no empty queues behind.
    const removalPolicy =
      props.removalPolicy === RemovalPolicy.RETAIN ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : props.removalPolicy;
    this.deadLetterQueue = new GatewayQueue(this, "DeadLetterQueue", { fifo: true, retention, removalPolicy });
    this.queue = new GatewayQueue(this, "Queue", {
      fifo: true,
      visibilityTimeout,
      retention,
      removalPolicy,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    this.function = new GatewayFunction(this, "Function", {
      settings,
      name: "message",
      description: "Vesper: makes a turn of a message and sends the reply",
      table: table.table,
      timeout: wiring.timeouts.message,
      memorySize,
      environment: { INBOUND_QUEUE_URL: this.queue.queueUrl },
    });
    table.grantItems(this.function, {
      CHAT: ["GetItem", "UpdateItem"],
      PAIRING: ["GetItem", "UpdateItem"],
      CONV: ["ConditionCheckItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem"],
      SESSION: ["BatchGetItem", "GetItem", "PutItem", "Query", "UpdateItem"],
      MEMORY: ["Query"],
    });
    this.function.grantReadSecrets(functionSecrets(config, "message"));
    this.function.grantAll(functionGrants(config, "message"));
    this.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize, maxConcurrency: concurrency, reportBatchItemFailures: true }),
    );
  }
}
