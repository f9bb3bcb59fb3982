import { Token } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { PropsError } from "./PropsError.ts";

/** One rule that props must keep. */
export interface PropsRule {
  /** Whether it is broken. */
  readonly condition: boolean;
  /** The range and the value that was given. */
  readonly message: string;
}

/** @throws PropsError with the message of every broken rule */
export function checkProps(scope: Construct, rules: readonly PropsRule[]): void {
  const problems = rules.filter(({ condition }) => condition).map(({ message }) => message);
  if (problems.length > 0) throw new PropsError(scope.node.path, problems);
}

/** A whole number from `least` to `most`; absent and not yet known values pass. */
export function wholeNumber(name: string, value: number | undefined, least: number, most: number): PropsRule {
  const known = value !== undefined && !Token.isUnresolved(value);
  return {
    condition: known && !(Number.isInteger(value) && value >= least && value <= most),
    message: `${name} must be a whole number from ${least} to ${most}, but ${value} was provided`,
  };
}

/** One of a list; an absent value passes. */
export function oneOf<Value>(name: string, value: Value | undefined, allowed: readonly Value[]): PropsRule {
  return {
    condition: value !== undefined && !allowed.includes(value),
    message: `${name} must be one of ${allowed.join(", ")}, but ${value} was provided`,
  };
}
