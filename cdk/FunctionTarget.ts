import { Stack } from "aws-cdk-lib";
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { type IScheduleTarget, type ScheduleTargetConfig, ScheduleTargetInput } from "aws-cdk-lib/aws-scheduler";
import type { Construct } from "constructs";

/** What a schedule sends, and how long it tries. */
export interface FunctionTargetProps {
  readonly input: Readonly<Record<string, unknown>>;
  readonly retryAttempts: number;
  /** Seconds. */
  readonly maxEventAge: number;
}

/**
 * A function as the target of schedules, with a role that may call it and nothing else: CDK's own target grants every
 * version of it, and there are none.
 */
export class FunctionTarget {
  private readonly callee: IFunction;
  private readonly role: Role;

  constructor(scope: Construct, callee: IFunction) {
    this.callee = callee;
    this.role = new Role(scope, "ScheduleRole", {
      description: "Lets the schedules call the expiry function",
      // No other account's schedule can borrow the role.
      assumedBy: new ServicePrincipal("scheduler.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(scope).account } },
      }),
      inlinePolicies: {
        Invoke: new PolicyDocument({
          statements: [new PolicyStatement({ actions: ["lambda:InvokeFunction"], resources: [callee.functionArn] })],
        }),
      },
    });
  }

  with(props: FunctionTargetProps): IScheduleTarget {
    const { callee, role } = this;
    return {
      bind: (): ScheduleTargetConfig => ({
        arn: callee.functionArn,
        role,
        input: ScheduleTargetInput.fromObject(props.input),
        retryPolicy: { maximumRetryAttempts: props.retryAttempts, maximumEventAgeInSeconds: props.maxEventAge },
      }),
    };
  }
}
