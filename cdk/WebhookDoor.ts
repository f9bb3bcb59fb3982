import type { Metric } from "aws-cdk-lib/aws-cloudwatch";

/** What platforms' calls may come in by. */
export const WEBHOOK_DOORS = ["http-api", "function-url"] as const;

export type WebhookDoorKind = (typeof WEBHOOK_DOORS)[number];

/** What platforms' calls come in by: a public address before the webhook function, and its metrics. */
export interface WebhookDoor {
  readonly kind: WebhookDoorKind;
  /** Base of the platforms' webhook addresses: append `/<platform>`. */
  readonly url: string;
  /** How many calls came, those that reached no function included. */
  readonly calls: Metric;
  /** How many of them were answered with 4xx. */
  readonly refused: Metric;
  /** How many of them were answered with 5xx. */
  readonly failed: Metric;
}
