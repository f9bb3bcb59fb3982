import { CfnOutput, Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { sessionEndOutputs } from "../lib/config/sessionEndOutputs.ts";
import { SessionGateway, type SessionGatewayProps } from "./SessionGateway.ts";

/** The one stack. Its outputs are what the operator's tools need to find the gateway. */
export class GatewayStack extends Stack {
  readonly gateway: SessionGateway;

  constructor(scope: Construct, id: string, props: SessionGatewayProps & StackProps) {
    super(scope, id, { description: "Vesper: a gateway for chat agents whose session ends cannot be lost", ...props });
    this.gateway = new SessionGateway(this, "Gateway", props);
    const { ingress, inbound, table, expiry, sessionEnd, observability } = this.gateway;
    const outputs = {
      WebhookUrl: ingress.url,
      TableName: table.table.tableName,
      InboundQueueUrl: inbound.queue.queueUrl,
      InboundDlqUrl: inbound.deadLetterQueue.queueUrl,
      ...sessionEndOutputs(new Map([...sessionEnd.queues].map(([name, { queueUrl }]) => [name, queueUrl]))),
      SessionEndDlqUrl: sessionEnd.deadLetterQueue.queueUrl,
      VisitQueueUrl: expiry.visitQueue.queueUrl,
      StreamFailuresQueueUrl: expiry.streamFailuresQueue.queueUrl,
      WebhookFunctionName: ingress.function.functionName,
      MessageFunctionName: inbound.function.functionName,
      ExpiryFunctionName: expiry.function.functionName,
      SessionEndFunctionName: sessionEnd.function.functionName,
      // One name, or several with commas between.
      SweepScheduleName: expiry.sweeps.map(({ scheduleName }) => scheduleName).join(),
      RetentionScheduleName: expiry.retention.scheduleName,
      AlarmTopicArn: observability.alarmTopic.topicArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
