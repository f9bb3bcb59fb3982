import { Duration } from "aws-cdk-lib";

/** What Lambda may need beyond the function's timeout to end the invocation and to delete its messages, seconds. */
const SLACK_SECONDS = 5;

/**
 * The visibility timeout of a function's queue: just over the function's own. The usual advice of six times as long
 * would let a person wait six minutes after a crash; the turn lease and the hook lease guard against an overlap.
 */
export function visibilityTimeout(functionTimeout: Duration): Duration {
  return Duration.seconds(functionTimeout.toSeconds() + SLACK_SECONDS);
}
