import { Stack } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { Construct } from "constructs";
import { checkProps } from "../checkProps.ts";

/** What CloudWatch takes as an alarm's description, characters. */
const LONGEST_TEXT = 1024;

export interface GatewayAlarmProps {
  /** The end of the alarm's name, after the stack's: lower case, with hyphens. */
  readonly name: string;
  readonly metric: IMetric;
  /** The alarm goes off at this value or beyond it. */
  readonly threshold: number;
  /** @default GREATER_THAN_OR_EQUAL_TO_THRESHOLD */
  readonly comparison?: ComparisonOperator;
  /** So many values in a row. @default 1 */
  readonly evaluationPeriods?: number;
  /** So many of them at this value or beyond it are enough. @default all */
  readonly datapoints?: number;
  /** What no value means. @default NOT_BREACHING: nothing happened */
  readonly missing?: TreatMissingData;
  /** What users or the operator lose while it lasts. */
  readonly impact: string;
  /** The usual ones, likeliest first. */
  readonly causes: string;
  /** What to run or to look at. */
  readonly nextStep: string;
  readonly topic: ITopic;
}

/** An alarm for the reader who is paged: its text says impact, likely causes and next step. It also says when it is over. */
export class GatewayAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: GatewayAlarmProps) {
    const { impact, causes, nextStep, topic } = props;
    const text = `Impact: ${impact}\n\nLikely causes: ${causes}\n\nNext step: ${nextStep}`;
    super(scope, id, {
      alarmName: `${Stack.of(scope).stackName}-${props.name}`,
      alarmDescription: text,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: props.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      ...(props.datapoints === undefined ? {} : { datapointsToAlarm: props.datapoints }),
      treatMissingData: props.missing ?? TreatMissingData.NOT_BREACHING,
    });
    checkProps(this, [
      {
        condition: text.length > LONGEST_TEXT,
        message: `impact, causes and nextStep must have at most ${LONGEST_TEXT} characters, but ${text.length} were provided`,
      },
    ]);
    const action = new SnsAction(topic);
    this.addAlarmAction(action);
    this.addOkAction(action);
  }
}
