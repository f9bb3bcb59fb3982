import { Duration } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import type { Table } from "aws-cdk-lib/aws-dynamodb";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { GatewayFunction } from "./GatewayFunction.ts";

export interface WebhookIngressProps {
  readonly configPath: string;
  readonly table: Table;
  /** Where a verified message goes. */
  readonly inboundQueue: Queue;
}

/** The way in: `ANY /webhooks/{platform}` to the webhook function, which verifies, parses and queues. */
export class WebhookIngress extends Construct {
  readonly function: GatewayFunction;
  /** Base of the platforms' webhook addresses: append `/<platform>`. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: WebhookIngressProps) {
    super(scope, id);
    this.function = new GatewayFunction(this, "Function", {
      entry: "functions/webhook.ts",
      configPath: props.configPath,
      // Platforms give up after 3 to 10 seconds and deliver again.
      timeout: Duration.seconds(10),
      environment: { TABLE_NAME: props.table.tableName, INBOUND_QUEUE_URL: props.inboundQueue.queueUrl },
    });
    props.inboundQueue.grantSendMessages(this.function);
    this.function.grantReadSecrets();

    const api = new HttpApi(this, "Api");
    api.addRoutes({
      path: "/webhooks/{platform}",
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration("Integration", this.function),
    });
    this.url = `${api.apiEndpoint}/webhooks`;
  }
}
