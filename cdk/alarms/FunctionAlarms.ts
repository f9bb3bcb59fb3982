import { Duration } from "aws-cdk-lib";
import { Construct } from "constructs";
import type { GatewayFunction } from "../GatewayFunction.ts";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm, type GatewayAlarmProps } from "./GatewayAlarm.ts";

/** In five minutes. One crash or timeout mends itself by a retry; three are a pattern. */
const MANY_ERRORS = 3;

/** In five minutes. Event sources feel their way up and are throttled a little while they do. */
const MANY_THROTTLES = 10;

const PERIOD = Duration.minutes(5);

/** What stops while a function does not run. */
const IMPACT = {
  webhook:
    "Calls of platforms are answered with 5xx; they send them again for a while, and then the messages are lost.",
  message: "Messages wait in their queue without an answer; none is lost.",
  expiry: "Sessions end late; none is lost.",
  "session-end": "Ended sessions reach their memory providers late; none is lost.",
} as const;

/** Functions that crash, run out of time or may not run. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, topic }: AlarmsProps) {
    super(scope, id);
    const functions = {
      webhook: gateway.ingress.function,
      message: gateway.inbound.function,
      expiry: gateway.expiry.function,
      "session-end": gateway.sessionEnd.function,
    } as const satisfies Record<keyof typeof IMPACT, GatewayFunction>;
    for (const name of ["webhook", "message", "expiry", "session-end"] as const) {
      const impact = IMPACT[name];
      new GatewayAlarm(this, `${name}-errors`, {
        name: `${name}-errors`,
        topic,
        metric: functions[name].metricErrors({ period: PERIOD }),
        threshold: MANY_ERRORS,
        impact,
        causes: `a deployment with a bug; a time limit or the memory exceeded (look for platform.report in the log, whose status says which); a permission that is missing.`,
        nextStep: `run "${functions[name].tailCommand}". After a deployment: deploy the version before.`,
      });
      new GatewayAlarm(this, `${name}-throttles`, {
        name: `${name}-throttles`,
        topic,
        metric: functions[name].metricThrottles({ period: PERIOD }),
        threshold: MANY_THROTTLES,
        impact,
        causes: "the account's concurrency is used up, by this stack or by another function; new accounts have 10.",
        nextStep: `run "aws lambda get-account-settings", and see the graph of concurrent executions. Ask for a higher quota, or lower inboundConcurrency and sessionEndConcurrency so that ${name} has room.`,
        ...(name === "webhook" && gateway.ingress.door.kind === "function-url" ? byItsUrl(functions[name]) : {}),
      });
    }
  }
}

/** What throttles of the webhook function mean where its URL is the door. */
function byItsUrl({ tailCommand }: GatewayFunction): Pick<GatewayAlarmProps, "impact" | "causes" | "nextStep"> {
  return {
    impact:
      "Calls of platforms are answered with 429; they send them again for a while, and then the messages are lost.",
    causes:
      "more calls at once than webhookReservedConcurrency, or ten times as many in a second: a flood of forged calls; what platforms kept while the gateway was away; more traffic than before.",
    nextStep: `run "${tailCommand} --filter-pattern webhook.refused": many lines are forged calls (docs/operate/deploy.md, "The webhooks' door"). Else raise webhookReservedConcurrency.`,
  };
}
