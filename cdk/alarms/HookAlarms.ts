import { Stack } from "aws-cdk-lib";
import { Construct } from "constructs";
import { LONG_UNFINISHED } from "../../lib/domain/hookSchedule.ts";
import { gatewayMetric } from "../gatewayMetric.ts";
import type { AlarmsProps } from "./AlarmsProps.ts";
import { GatewayAlarm } from "./GatewayAlarm.ts";

/** Deliveries to memory providers that fail. */
export class HookAlarms extends Construct {
  constructor(scope: Construct, id: string, { topic }: AlarmsProps) {
    super(scope, id);
    const { stackName } = Stack.of(this);
    new GatewayAlarm(this, "Dead", {
      name: "dead-hooks",
      topic,
      metric: gatewayMetric(this, "HookDead", { statistic: "Sum" }),
      threshold: 1,
      impact:
        "Ended sessions did not reach a memory provider and are not tried again by themselves. Nothing is lost yet.",
      causes:
        "the provider's key is wrong or was withdrawn (401, 403); its address or contract changed (400, 404, 410); it was away for longer than the retry schedule, 27 hours by default; the provider was taken out of the config.",
      nextStep: `run "npx vesper hooks ls --status dead --stack ${stackName}" for the provider and its answer, mend the cause, then "npx vesper hooks redrive --all --stack ${stackName}".`,
    });
    new GatewayAlarm(this, "Breaker", {
      name: "provider-down",
      topic,
      metric: gatewayMetric(this, "BreakerOpen", { statistic: "Maximum" }),
      threshold: 1,
      // A hook behind an open breaker is looked at each 15 minutes: with fewer values it would be over, and not over.
      evaluationPeriods: 4,
      datapoints: 1,
      impact:
        "A memory provider did not answer five times in a row, so that it gets one call a minute. Its sessions wait, and use up no attempts. Other providers go on.",
      causes:
        "the provider is down (5xx, no answer in time, connections refused or reset); its address in the config is wrong; hooks.timeout is shorter than it takes to answer.",
      nextStep: `run "npx vesper doctor --stack ${stackName}" for the provider and its last failure, and look at its status page. When it is back, what waits is delivered by itself within half an hour.`,
    });
    new GatewayAlarm(this, "Unfinished", {
      name: "oldest-unfinished-hook",
      topic,
      metric: gatewayMetric(this, "OldestUnfinishedHookAge", { statistic: "Maximum" }),
      // In seconds. Each sweep tells the age while there is such a hook, so that no value means that there is none.
      threshold: LONG_UNFINISHED / 1000,
      impact:
        "A session that ended more than an hour ago has not reached a memory provider: its agent does not remember it. It is still tried.",
      causes:
        "the provider is down or slow, or limits our calls (429, 5xx, timeouts); more sessions ended at once than can be delivered in an hour; the session-end function is throttled.",
      nextStep: `run "npx vesper hooks ls --status pending --stack ${stackName}" for the provider and its last failure, and look at its status page. When the backlog only grows, raise sessionEndConcurrency.`,
    });
  }
}
