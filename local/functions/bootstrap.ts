import { parentPort, workerData } from "node:worker_threads";
import type { Context } from "aws-lambda";
import { moveDate } from "../lab/moveDate.ts";
import type { Answer, BootstrapData, Invocation } from "./protocol.ts";

/**
 * What a function's thread runs: it loads the handler and then answers one invocation after the other, like a Lambda
 * execution environment. An error while loading ends the thread, which fails the invocation that it was made for.
 */
const { bundle, offset }: BootstrapData = workerData;

// Stacks name the sources.
process.setSourceMapsEnabled(true);

moveDate(offset);

const { handler }: { handler: (event: unknown, context: Partial<Context>) => unknown } = await import(bundle);

function send(answer: Answer): void {
  parentPort?.postMessage(answer);
}

parentPort?.on("message", async (invocation: Invocation) => {
  try {
    const result = await handler(JSON.parse(invocation.event), contextOf(invocation));
    send({ type: "result", json: JSON.stringify(result) ?? "null" });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    send({ type: "failure", failure: { name, message, stack } });
  }
});

function contextOf({ requestId, timeout }: Invocation): Partial<Context> {
  const deadline = performance.now() + timeout;
  const name = process.env.AWS_LAMBDA_FUNCTION_NAME ?? "";
  return {
    awsRequestId: requestId,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION}:000000000000:function:${name}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? "",
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: false,
    // Whole ones, as on Lambda.
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}

send({ type: "ready" });
