import { RemovalPolicy } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import type { Config } from "../lib/config/Config.ts";
import { functionSecrets } from "../lib/config/functionSecrets.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { GatewayFunction } from "./GatewayFunction.ts";
import { GatewayQueue } from "./GatewayQueue.ts";
import type { GatewayTable } from "./GatewayTable.ts";
import { wiring } from "./wiring.ts";

export interface SessionEndQueueProps {
  readonly config: Config;
  readonly settings: FunctionSettings;
  readonly table: GatewayTable;
  /** Deliveries at once, of all providers together, 2 to 1,000. */
  readonly concurrency: number;
}

/** Jobs of one sealed session for one memory provider each; the function that delivers them; and the dead ones. */
export class SessionEndQueue extends Construct {
  readonly queue: GatewayQueue;
  readonly deadLetterQueue: GatewayQueue;
  readonly function: GatewayFunction;

  constructor(scope: Construct, id: string, props: SessionEndQueueProps) {
    super(scope, id);
    const { config, settings, table, concurrency } = props;
    const { visibilityTimeout, retention, maxReceiveCount, batchSize } = wiring.sessionEnd;
    // Every job stands in the ledger, which the sweep reads: losing these queues loses nothing.
    const removalPolicy = RemovalPolicy.DESTROY;
    this.deadLetterQueue = new GatewayQueue(this, "DeadLetterQueue", { retention, removalPolicy });
    this.queue = new GatewayQueue(this, "Queue", {
      visibilityTimeout,
      retention,
      removalPolicy,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount },
    });
    this.function = new GatewayFunction(this, "Function", {
      settings,
      name: "session-end",
      description: "Vesper: delivers an ended session to a memory provider",
      table: table.table,
      timeout: wiring.timeouts.sessionEnd,
      environment: {
        SESSION_END_QUEUE_URL: this.queue.queueUrl,
        SESSION_END_DLQ_URL: this.deadLetterQueue.queueUrl,
      },
    });
    table.grantItems(this.function, {
      CONV: ["GetItem"],
      SESSION: ["Query", "UpdateItem"],
      MEMORY: ["PutItem", "Query", "UpdateItem"],
      PROVIDER: ["GetItem", "PutItem", "UpdateItem"],
    });
    this.deadLetterQueue.grant(this.function, "sqs:SendMessage");
    this.function.grantReadSecrets(functionSecrets(config, "session-end"));
    this.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize, maxConcurrency: concurrency, reportBatchItemFailures: true }),
    );
  }
}
