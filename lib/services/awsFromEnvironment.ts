import { systemClock } from "../domain/observability.ts";
import { type AwsCaller, awsCaller } from "../runtime/aws/awsCaller.ts";
import { nodeHttpClient } from "../runtime/nodeHttpClient.ts";
import { environmentVariable } from "./environmentVariable.ts";

/**
 * Calls AWS as the function's role. Its credentials stand in the environment for as long as the process lives:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function awsFromEnvironment(): AwsCaller {
  const sessionToken = process.env.AWS_SESSION_TOKEN;
  return awsCaller({
    region: environmentVariable("AWS_REGION"),
    credentials: {
      accessKeyId: environmentVariable("AWS_ACCESS_KEY_ID"),
      secretAccessKey: environmentVariable("AWS_SECRET_ACCESS_KEY"),
      ...(sessionToken ? { sessionToken } : {}),
    },
    http: nodeHttpClient,
    clock: systemClock,
    random: Math.random,
    traceId: () => process.env._X_AMZN_TRACE_ID,
  });
}

/**
 * Where a service answers, as the SDK finds it: the variable names an emulator or an endpoint of one's own network.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 *
 * @param service as the variable has it, such as `SQS`
 * @param fallback AWS's own address
 */
export function endpointFromEnvironment(service: string, fallback: string): string {
  return `${new URL(process.env[`AWS_ENDPOINT_URL_${service}`] || fallback).origin}/`;
}
