import type { Context } from "aws-lambda";
import { Invocation, type Surroundings } from "./Invocation.ts";
import type { Ended } from "./QueueSource.ts";

/** How Lambda runs a function. */
export interface Run<Result> {
  readonly name: string;
  /** Seconds. */
  readonly timeout: number;
  /** How far its clock is off, milliseconds. */
  readonly skew: number;
  readonly work: (invocation: Invocation, context: Context) => Promise<Result>;
  /** Hears how it ended; of a killed one nothing but that. */
  readonly done: (ended: Ended<Result>) => void;
}

/** Runs a function once, as Lambda does: cut off at its timeout, and dead without a word when it is killed. */
export function lambda<Result>(surroundings: Surroundings, run: Run<Result>): void {
  const { timeline } = surroundings;
  const deadline = timeline.now + run.timeout * 1000;
  let over = false;
  const end = (ended: Ended<Result>) => {
    if (over) return;
    over = true;
    timeline.after(1, () => run.done(ended));
  };
  const invocation = new Invocation(run.name, run.skew, surroundings, "killed", () => end(undefined));
  timeline.at(deadline, () => over || invocation.kill());
  const context = contextOf(run.name, () => deadline - timeline.now);
  timeline.wake();
  run.work(invocation, context).then(
    (result) => end({ result }),
    () => end(undefined),
  );
}

function contextOf(functionName: string, remaining: () => number): Context {
  return {
    functionName,
    functionVersion: "1",
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${functionName}`,
    memoryLimitInMB: "256",
    awsRequestId: functionName,
    logGroupName: functionName,
    logStreamName: functionName,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: remaining,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
