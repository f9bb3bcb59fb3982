import { Stack } from "aws-cdk-lib";
import { Dashboard, TextWidget } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { SessionGateway } from "../SessionGateway.ts";
import { costWidgets } from "./costWidgets.ts";
import { flowWidgets } from "./flowWidgets.ts";
import { hookWidgets } from "./hookWidgets.ts";
import { sessionWidgets } from "./sessionWidgets.ts";

/** The gateway at a glance, from the users' side to the bill. */
export class GatewayDashboard extends Dashboard {
  constructor(scope: Construct, id: string, gateway: SessionGateway) {
    const heading = (text: string) => [new TextWidget({ markdown: `## ${text}`, width: 24, height: 1 })];
    super(scope, id, {
      widgets: [
        heading(`${Stack.of(scope).stackName}: sessions`),
        sessionWidgets(scope),
        heading("Deliveries to memory providers"),
        hookWidgets(scope),
        heading("Messages, queues and sweeps"),
        ...flowWidgets(scope, gateway),
        heading("What costs"),
        costWidgets(scope, gateway),
      ],
    });
  }
}
