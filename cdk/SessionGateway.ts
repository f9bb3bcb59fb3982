import { Annotations, RemovalPolicy, Stack } from "aws-cdk-lib";
import { TableEncryption } from "aws-cdk-lib/aws-dynamodb";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import type { Config } from "../lib/config/Config.ts";
import { configWarnings } from "../lib/config/configWarnings.ts";
import { definedConfig } from "../lib/config/definedConfig.ts";
import { checkProps } from "./checkProps.ts";
import { Expiry } from "./Expiry.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { GatewayTable } from "./GatewayTable.ts";
import type { WebhookThrottle } from "./HttpApiDoor.ts";
import { InboundQueue } from "./InboundQueue.ts";
import { Observability } from "./Observability.ts";
import { SessionEndQueue } from "./SessionEndQueue.ts";
import { sessionGatewayRules } from "./sessionGatewayRules.ts";
import type { WebhookDoorKind } from "./WebhookDoor.ts";
import { WebhookIngress } from "./WebhookIngress.ts";

export interface SessionGatewayProps extends FunctionSettings {
  /** What the config file exports. It says which secrets the functions may read and what it calls in AWS. */
  readonly config: Config;
  /**
   * What platforms' calls come in by. `http-api` has a throttle for each platform, `webhookThrottle`, and an access log, and
   * costs $1.09 a million calls. `function-url` costs nothing, and only `webhookReservedConcurrency` holds it back, for all
   * platforms together. Another door is another address: docs/operate/deploy.md, "The webhooks' door".
   *
   * @default "http-api": it needs no reserved concurrency, of which AWS lets a small account have none
   */
  readonly webhookDoor?: WebhookDoorKind;
  /**
   * How many webhook calls of each platform the HTTP API takes. A function URL has no such throttle.
   *
   * @default 100 a second, 200 at once
   */
  readonly webhookThrottle?: WebhookThrottle;
  /**
   * Executions of the account's concurrency that are kept for the webhook function, 1 to 1,000, and the most that it has:
   * other functions can't keep calls of platforms out, and a flood of them can't take what others need. They are taken
   * from the account for good, idle or not. AWS leaves 100 of an account unreserved, so an account of 100 or less has none.
   *
   * @default none: it shares what is free. `webhookDoor: "function-url"` has no default
   */
  readonly webhookReservedConcurrency?: number;
  /**
   * The same for the expiry function, which ends and seals sessions: 14 or more, and three more for each further sweep, as
   * the stream runs ten batches at once, each sweep has two batches of visits, and retention runs beside them.
   *
   * @default none: it shares what is free
   */
  readonly expiryReservedConcurrency?: number;
  /**
   * Turns made at once, 2 to 1,000. What is beyond it waits in its queue.
   *
   * @default 100: a tenth of an account's concurrency, and with an agent that takes 5 s twenty messages a second
   */
  readonly inboundConcurrency?: number;
  /**
   * MB of the message function, 128 to 10,240. An agent's waiting for its model is paid by it; CPU comes with it.
   *
   * @default 256: the gateway's own work fits in a half of it. Raise it for an agent that computes, or loads much
   */
  readonly messageMemorySize?: number;
  /**
   * Deliveries at once to each provider, 2 to 1,000, and fewer to one whose adapter states fewer. What is beyond it waits in that provider's queue. The sum over the
   * providers, `inboundConcurrency` and some for the webhook must fit the account's concurrency.
   *
   * @default 50: with a provider that takes 1 s 180,000 deliveries an hour, and no more than 50 calls at once to it
   */
  readonly sessionEndConcurrency?: number;
  /**
   * Sweeps that run side by side each minute and share what is due between them, each a run of the expiry function of its
   * own: 1, 2, 4 or 8. One ends 181 sessions a second, and
   * its visits beside it as many again.
   *
   * @default 1: for ends that come spread over the day, of up to seven million sessions
   */
  readonly sweeps?: 1 | 2 | 4 | 8;
  /**
   * Whose key the table is encrypted with: DynamoDB's own (`DEFAULT`) or the account's `aws/dynamodb` (`AWS_MANAGED`).
   *
   * @default TableEncryption.DEFAULT: free; the other costs KMS calls and shows them in CloudTrail
   */
  readonly tableEncryption?: TableEncryption;
  /** Whether DynamoDB refuses to delete the table. @default true */
  readonly deletionProtection?: boolean;
  /**
   * What becomes of what is nowhere else, the table and the messages on the inbound queues, when the stack is deleted.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether CloudWatch has a dashboard of the gateway.
   *
   * @default false: it costs $3 a month, and the operators' page (`npx vesper console`) has the same charts
   */
  readonly dashboard?: boolean;
  /** Where the alarms go. @default a topic is made, which nobody has subscribed to yet */
  readonly alarmTopic?: ITopic;
}

/**
 * The whole gateway, one construct a stage of the flow: webhook → inbound queue → table → expiry → session-end queues.
 * The ids of this construct and its children are part of the logical ids of the table and the queues: to change one is
 * to lose what they hold.
 *
 * @example
 * new SessionGateway(this, "Gateway", { config, configPath: join(import.meta.dirname, "vesper.config.ts") });
 */
export class SessionGateway extends Construct {
  readonly ingress: WebhookIngress;
  readonly inbound: InboundQueue;
  readonly table: GatewayTable;
  readonly expiry: Expiry;
  readonly sessionEnd: SessionEndQueue;
  readonly observability: Observability;

  /** @throws PropsError with every wrong prop, its range and the value that was given */
  constructor(scope: Construct, id: string, props: SessionGatewayProps) {
    super(scope, id);
    const other = Stack.of(this)
      .node.findAll()
      .find((construct) => construct instanceof SessionGateway && construct !== this);
    checkProps(this, [
      ...sessionGatewayRules(props, Stack.of(this).bundlingRequired),
      {
        condition: other !== undefined,
        // Its secrets, metrics and alarms go by the stack's name.
        message: `a stack must hold one gateway, but ${other?.node.path} is in it already`,
      },
    ]);
    const { removalPolicy = RemovalPolicy.RETAIN } = props;
    const config = definedConfig(props.config, props.configPath);
    for (const warning of configWarnings(config)) {
      Annotations.of(this).addWarningV2(`vesper:${warning.slice(0, warning.indexOf(":"))}`, warning);
    }
    const settings: FunctionSettings = props;
    this.table = new GatewayTable(this, "Table", {
      encryption: props.tableEncryption ?? TableEncryption.DEFAULT,
      deletionProtection: props.deletionProtection ?? true,
      removalPolicy,
    });
    const { table } = this;
    this.inbound = new InboundQueue(this, "Inbound", {
      config,
      settings,
      table,
      removalPolicy,
      concurrency: props.inboundConcurrency ?? 100,
      memorySize: props.messageMemorySize ?? 256,
    });
    this.ingress = new WebhookIngress(this, "Webhook", {
      config,
      settings,
      table,
      inboundQueue: this.inbound.queue,
      door: props.webhookDoor ?? "http-api",
      throttle: props.webhookThrottle ?? {},
      reservedConcurrency: props.webhookReservedConcurrency,
    });
    this.sessionEnd = new SessionEndQueue(this, "SessionEnd", {
      config,
      settings,
      table,
      concurrency: props.sessionEndConcurrency ?? 50,
    });
    this.expiry = new Expiry(this, "Expiry", {
      settings,
      table,
      sessionEnd: this.sessionEnd,
      sweeps: props.sweeps ?? 1,
      reservedConcurrency: props.expiryReservedConcurrency,
    });
    this.observability = new Observability(this, "Observability", {
      gateway: this,
      dashboard: props.dashboard ?? false,
      ...(props.alarmTopic ? { alarmTopic: props.alarmTopic } : {}),
    });
  }
}
