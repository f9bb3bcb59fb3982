import { Stack } from "aws-cdk-lib";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { ExpiryAlarms } from "./alarms/ExpiryAlarms.ts";
import { FunctionAlarms } from "./alarms/FunctionAlarms.ts";
import { HookAlarms } from "./alarms/HookAlarms.ts";
import { QueueAlarms } from "./alarms/QueueAlarms.ts";
import { RetentionAlarms } from "./alarms/RetentionAlarms.ts";
import { TurnAlarms } from "./alarms/TurnAlarms.ts";
import { WebhookAlarms } from "./alarms/WebhookAlarms.ts";
import { GatewayDashboard } from "./dashboard/GatewayDashboard.ts";
import type { SessionGateway } from "./SessionGateway.ts";

export interface ObservabilityProps {
  readonly gateway: SessionGateway;
  readonly dashboard: boolean;
  /** @default a topic is made */
  readonly alarmTopic?: ITopic;
}

/** What an operator sees and is told. An alarm costs $0.10 a month; an account has ten alarms and three dashboards free. */
export class Observability extends Construct {
  readonly alarmTopic: ITopic;

  constructor(scope: Construct, id: string, { gateway, dashboard, alarmTopic }: ObservabilityProps) {
    super(scope, id);
    this.alarmTopic = alarmTopic ?? this.makeTopic();
    const props = { gateway, topic: this.alarmTopic };
    new HookAlarms(this, "Hooks", props);
    new QueueAlarms(this, "Queues", props);
    new ExpiryAlarms(this, "Expiry", props);
    new RetentionAlarms(this, "Retention", props);
    new FunctionAlarms(this, "Functions", props);
    new TurnAlarms(this, "Turns", props);
    new WebhookAlarms(this, "Webhook", props);
    if (dashboard) new GatewayDashboard(this, "Dashboard", gateway);
  }

  /**
   * Not encrypted with a key: an alarm can't publish to a topic under AWS's own key, a key of one's own costs $1 a month,
   * and the texts say nothing of users.
   */
  private makeTopic(): Topic {
    const topic = new Topic(this, "AlarmTopic", { enforceSSL: true });
    // A topic with a policy of its own loses the one that lets the account's alarms in.
    topic.grantPublish(
      new ServicePrincipal("cloudwatch.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    return topic;
  }
}
