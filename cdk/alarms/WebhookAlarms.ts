import { Duration, Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { WebhookDoorKind } from "../WebhookDoor.ts";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm } from "./GatewayAlarm.ts";

/** In five minutes. One is sent again by its platform; five mean that the way in is shut. */
const MANY_FAILURES = 5;

/** What the function does when the door answers 5xx. A throttled function is 429 by its URL: the function's own alarm tells. */
const FUNCTION_FAILS = {
  "http-api": "is throttled, crashes or is too slow",
  "function-url": "crashes or is too slow",
} as const satisfies Record<WebhookDoorKind, string>;

/** Calls of platforms that could not be taken. */
export class WebhookAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, topic }: AlarmsProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    const { door, function: webhook } = gateway.ingress;
    new GatewayAlarm(this, "Failures", {
      name: "webhook-failures",
      topic,
      metric: door.failed.with({ period: Duration.minutes(5) }),
      threshold: MANY_FAILURES,
      impact: "Messages are not accepted. Platforms send them again for minutes to hours, then they are lost.",
      causes: `a platform's secret is missing or can't be read; the inbound queue refuses messages; the webhook function ${FUNCTION_FAILS[door.kind]}.`,
      nextStep: `run "npx vesper secrets check --stack ${stackName}", then "${webhook.tailCommand}".`,
    });
  }
}
