import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { SessionGateway } from "../SessionGateway.ts";

/** What every family of alarms is made from. */
export interface AlarmsProps {
  readonly gateway: SessionGateway;
  readonly topic: ITopic;
}
