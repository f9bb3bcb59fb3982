import { RemovalPolicy, Stack } from "aws-cdk-lib";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { Construct } from "constructs";
import type { Config } from "../lib/config/Config.ts";
import { functionGrants, functionSecrets } from "../lib/config/secrets.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { GatewayFunction } from "./GatewayFunction.ts";
import { GatewayQueue } from "./GatewayQueue.ts";
import type { GatewayTable } from "./GatewayTable.ts";
import { wiring } from "./wiring.ts";

export interface SessionEndQueueProps {
  readonly config: Config;
  readonly settings: FunctionSettings;
  readonly table: GatewayTable;
  /** Deliveries at once to each provider, 2 to 1,000; fewer to one that states fewer. */
  readonly concurrency: number;
}

/**
 * Jobs of one sealed session for one memory provider each, on a queue for each provider; the function that delivers them;
 * and the dead ones of all providers. Each queue's mapping has its own limit of deliveries at once, so that a provider
 * that hangs takes no more than its share of them.
 */
export class SessionEndQueue extends Construct {
  /** By the provider's name in the config. */
  readonly queues: ReadonlyMap<string, GatewayQueue>;
  /** Their addresses in a function's environment: a JSON object by the providers' names. */
  readonly urls: string;
  readonly deadLetterQueue: GatewayQueue;
  readonly function: GatewayFunction;

  constructor(scope: Construct, id: string, props: SessionEndQueueProps) {
    super(scope, id);
    const { config, settings, table, concurrency } = props;
    const { visibilityTimeout, retention, maxReceiveCount, batchSize } = wiring.sessionEnd;
    // Every job stands in the ledger, which the sweep reads: losing these queues loses nothing.
    const removalPolicy = RemovalPolicy.DESTROY;
    this.deadLetterQueue = new GatewayQueue(this, "DeadLetterQueue", { retention, removalPolicy });
    const deadLetterQueue = { queue: this.deadLetterQueue, maxReceiveCount };
    this.queues = new Map(
      Object.keys(config.memory).map((name) => [
        name,
        new GatewayQueue(this, `Queue-${name}`, { visibilityTimeout, retention, removalPolicy, deadLetterQueue }),
      ]),
    );
    this.urls = Stack.of(this).toJsonString(
      Object.fromEntries([...this.queues].map(([name, { queueUrl }]) => [name, queueUrl])),
    );
    this.function = new GatewayFunction(this, "Function", {
      settings,
      name: "session-end",
      description: "Vesper: delivers an ended session to a memory provider",
      table: table.table,
      timeout: wiring.timeouts.sessionEnd,
      environment: {
        SESSION_END_QUEUE_URLS: this.urls,
        SESSION_END_DLQ_URL: this.deadLetterQueue.queueUrl,
      },
    });
    table.grantItems(this.function, {
      CONV: ["GetItem"],
      SESSION: ["Query", "UpdateItem"],
      MEMORY: ["PutItem", "Query", "UpdateItem"],
      PROVIDER: ["GetItem", "UpdateItem"],
    });
    this.deadLetterQueue.grant(this.function, "sqs:SendMessage");
    this.function.grantReadSecrets(functionSecrets(config, "session-end"));
    this.function.grantAll(functionGrants(config, "session-end"));
    for (const [name, queue] of this.queues) {
      const { concurrency: most = concurrency } = config.memory[name]?.limits() ?? {};
      const maxConcurrency = Math.min(concurrency, most);
      this.function.addEventSource(
        new SqsEventSource(queue, { batchSize, maxConcurrency, reportBatchItemFailures: true }),
      );
      // A job that was moved to another provider's queue is passed on.
      queue.grant(this.function, "sqs:SendMessage");
    }
  }
}
