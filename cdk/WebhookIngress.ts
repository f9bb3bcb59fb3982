import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Config } from "../lib/config/Config.ts";
import { functionGrants, functionSecrets } from "../lib/config/secrets.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { FunctionUrlDoor } from "./FunctionUrlDoor.ts";
import { GatewayFunction } from "./GatewayFunction.ts";
import type { GatewayTable } from "./GatewayTable.ts";
import { HttpApiDoor, type WebhookThrottle } from "./HttpApiDoor.ts";
import type { WebhookDoor, WebhookDoorKind } from "./WebhookDoor.ts";
import { wiring } from "./wiring.ts";

export interface WebhookIngressProps {
  readonly config: Config;
  readonly settings: FunctionSettings;
  readonly table: GatewayTable;
  /** Where a verified message goes. */
  readonly inboundQueue: Queue;
  readonly door: WebhookDoorKind;
  /** Of the HTTP API's routes. */
  readonly throttle: WebhookThrottle;
  /** Executions that are kept for the function. */
  readonly reservedConcurrency?: number | undefined;
}

/** The way in: a door that is open to the internet, and the webhook function, which verifies, parses and queues. */
export class WebhookIngress extends Construct {
  readonly function: GatewayFunction;
  readonly door: WebhookDoor;

  constructor(scope: Construct, id: string, props: WebhookIngressProps) {
    super(scope, id);
    const { config, settings, table, inboundQueue, throttle } = props;
    this.function = new GatewayFunction(this, "Function", {
      settings,
      name: "webhook",
      description: "Vesper: verifies a platform's call and queues its messages",
      table: table.table,
      timeout: wiring.timeouts.webhook,
      reservedConcurrency: props.reservedConcurrency,
      environment: { INBOUND_QUEUE_URL: inboundQueue.queueUrl },
    });
    inboundQueue.grant(this.function, "sqs:SendMessage");
    this.function.grantReadSecrets(functionSecrets(config, "webhook"));
    this.function.grantAll(functionGrants(config, "webhook"));
    this.door =
      props.door === "function-url"
        ? new FunctionUrlDoor(this.function)
        : new HttpApiDoor(this, {
            callee: this.function,
            platforms: Object.keys(config.platforms),
            throttle,
            logRetention: settings.logRetention ?? RetentionDays.ONE_MONTH,
          });
  }

  /** Base of the platforms' webhook addresses: append `/<platform>`. */
  get url(): string {
    return this.door.url;
  }

  /** For what a team adds to it, such as a domain of its own; undefined with a function URL. */
  get api(): HttpApi | undefined {
    return this.door instanceof HttpApiDoor ? this.door.api : undefined;
  }
}
