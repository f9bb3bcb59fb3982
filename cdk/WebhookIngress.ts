import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { CfnStage, HttpApi, HttpMethod, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Config } from "../lib/config/Config.ts";
import { functionGrants, functionSecrets } from "../lib/config/secrets.ts";
import type { FunctionSettings } from "./FunctionSettings.ts";
import { GatewayFunction } from "./GatewayFunction.ts";
import type { GatewayTable } from "./GatewayTable.ts";
import { wiring } from "./wiring.ts";

/** How many calls each platform may make; the API answers the rest with 429, and platforms send them again. */
export interface WebhookThrottle {
  /**
   * Calls a second, 1 to 10,000 (the account's own default limit).
   *
   * @default 100: 260 million a month; and forged calls cost at most about $20 a day and platform
   */
  readonly rate?: number;
  /**
   * Calls at once, 1 to 5,000 (the account's own default limit).
   *
   * @default 200: two seconds' worth, as a platform that was away delivers its backlog at once
   */
  readonly burst?: number;
}

export interface WebhookIngressProps {
  readonly config: Config;
  readonly settings: FunctionSettings;
  readonly table: GatewayTable;
  /** Where a verified message goes. */
  readonly inboundQueue: Queue;
  readonly throttle: WebhookThrottle;
  /** Executions that are kept for the function. */
  readonly reservedConcurrency?: number | undefined;
}

/** What the access log says of a call: nothing of what was said, and nobody's address. */
const ACCESS_LOG = {
  request: "$context.requestId",
  method: "$context.httpMethod",
  path: "$context.path",
  status: "$context.status",
  latency: "$context.responseLatency",
  error: "$context.error.message",
  integrationError: "$context.integrationErrorMessage",
};

/**
 * The way in: a route for each platform, `ANY /webhooks/<name>`, to the webhook function, which verifies, parses and
 * queues. Each has a throttle of its own, so that a flood of one shuts no other; all else is 404 without a function.
 */
export class WebhookIngress extends Construct {
  readonly function: GatewayFunction;
  readonly api: HttpApi;
  /** Base of the platforms' webhook addresses: append `/<platform>`. */
  readonly url: string;

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

    this.api = new HttpApi(this, "Api", {
      description: "Vesper's webhooks",
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration("Integration", this.function);
    const paths = Object.keys(config.platforms).map((name) => `/webhooks/${name}`);
    const routes = paths.flatMap((path) => this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }));
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Platforms sign their calls, each in its own way; the function verifies before it does anything else",
      });
    }
    const log = new LogGroup(this, "AccessLog", {
      retention: settings.logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const [rateLimit, burstLimit] = [throttle.rate ?? 100, throttle.burst ?? 200];
    const stage = this.api.addStage("DefaultStage", {
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit, burstLimit },
      accessLogSettings: {
        destination: new LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    const resource = stage.node.defaultChild;
    if (resource instanceof CfnStage) {
      const limits = { ThrottlingRateLimit: rateLimit, ThrottlingBurstLimit: burstLimit };
      resource.routeSettings = Object.fromEntries(paths.map((path) => [`ANY ${path}`, limits]));
    }
    // The stage names the routes, which must be there by then.
    for (const route of routes) stage.node.addDependency(route);
    this.url = `${this.api.apiEndpoint}/webhooks`;
  }
}
