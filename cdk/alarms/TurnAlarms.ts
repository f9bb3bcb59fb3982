import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm } from "./GatewayAlarm.ts";

/** People who got an apology in place of an answer, or no answer. */
export class TurnAlarms extends Construct {
  constructor(scope: Construct, id: string, { gateway, topic }: AlarmsProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    new GatewayAlarm(this, "Failed", {
      name: "failed-turns",
      topic,
      metric: gatewayMetric(this, "TurnFailed", { statistic: "Sum" }),
      // One: by then no further attempt is made.
      threshold: 1,
      impact:
        "Somebody was told that something went wrong, and has no answer. The message is not tried again by itself; it is in the transcript of its session, without a reply.",
      causes:
        "the agent's model was overloaded or limited our calls for 15 minutes, or refused its key or the message; the agent took longer than the 50 seconds that it has, or killed its function, three times; the agent has a bug. Which of them it was is the kind in the log. Or a message could not be queued, on a platform that does not send again: webhook.unavailable in the webhook function's log.",
      nextStep: `run "${gateway.inbound.function.tailCommand} --filter-pattern error" and look for turn.failed: it has the kind (docs/operate/runbook.md says what each means), the agent's error and the session. Then "npx vesper sessions show SESSION --stack ${stackName}" shows the message. When the cause is mended, the user has to write again.`,
    });
    new GatewayAlarm(this, "Unsent", {
      name: "failed-replies",
      topic,
      metric: gatewayMetric(this, "ReplyUnsent", { statistic: "Sum" }),
      // One: ten tries have failed by then, or the platform wants hours of silence.
      threshold: 1,
      impact:
        "A reply was made and stored, but did not arrive, in part or whole. It is not tried again by itself; the conversation goes on without it. It is kept as long as its session.",
      causes:
        "the platform, or the program at replyUrl, was away for more than about eight minutes; it refuses our credentials; it asks for a wait of more than 12 hours; the platform's adapter has a bug.",
      nextStep: `run "npx vesper replies ls --stack ${stackName}" to list them, each with its reason. Mend the cause. Then "npx vesper replies send" sends what is missing, and "npx vesper replies discard" takes off the list what nobody wants any more.`,
    });
  }
}
