import { RemovalPolicy, Validations } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { CfnStage, HttpApi, HttpMethod, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import type { WebhookDoor } from "./WebhookDoor.ts";

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

export interface HttpApiDoorProps {
  /** What answers the calls. */
  readonly callee: IFunction;
  /** The platforms' names. */
  readonly platforms: readonly string[];
  readonly throttle: WebhookThrottle;
  /** How long the access log is kept. */
  readonly logRetention: RetentionDays;
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
 * An HTTP API with a route for each platform, `ANY /webhooks/<name>`. Each has a throttle of its own, so that a flood of one
 * shuts no other; all else is 404 without a function.
 */
export class HttpApiDoor implements WebhookDoor {
  readonly kind = "http-api";
  readonly api: HttpApi;
  readonly url: string;
  readonly calls: Metric;
  readonly refused: Metric;
  readonly failed: Metric;

  /** @param scope gets the API and its log as children of its own: their logical ids are those of older stacks */
  constructor(scope: Construct, { callee, platforms, throttle, logRetention }: HttpApiDoorProps) {
    this.api = new HttpApi(scope, "Api", {
      description: "Vesper's webhooks",
      createDefaultStage: false,
    });
    const integration = new HttpLambdaIntegration("Integration", callee);
    const paths = platforms.map((name) => `/webhooks/${name}`);
    const routes = paths.flatMap((path) => this.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }));
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: "AwsSolutions-APIG4",
        reason: "Platforms sign their calls, each in its own way; the function verifies before it does anything else",
      });
    }
    const log = new LogGroup(scope, "AccessLog", { retention: logRetention, removalPolicy: RemovalPolicy.DESTROY });
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
    this.calls = this.api.metricCount({ statistic: "Sum" });
    this.refused = this.api.metricClientError({ statistic: "Sum" });
    this.failed = this.api.metricServerError({ statistic: "Sum" });
  }
}
