import type { Config } from "../config/Config.ts";
import { type FunctionWithSecrets, functionSecrets } from "../config/secrets.ts";
import { systemClock } from "../domain/observability.ts";
import { type AwsCaller, awsCaller } from "../runtime/aws/awsCaller.ts";
import { parameterReader } from "../runtime/aws/readParameters.ts";
import { type KnownSecrets, knownSecrets } from "../runtime/knownSecrets.ts";
import { nodeHttpClient } from "../runtime/nodeHttpClient.ts";
import { ssmSecrets } from "../runtime/ssmSecrets.ts";
import { environmentVariable } from "./environmentVariable.ts";

/** A function's secrets, from its environment. They are on their way from here on. */
export function secretsFromEnvironment(config: Config, name: FunctionWithSecrets): KnownSecrets {
  const read = parameterReader(awsFromEnvironment(), ssmEndpoint());
  const source = ssmSecrets(read, environmentVariable("SECRETS_PREFIX"), systemClock, functionSecrets(config, name));
  source.prefetch();
  return knownSecrets(source);
}

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

/** As the SDK finds it: the variable names an emulator's. https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
function ssmEndpoint(): string {
  const region = environmentVariable("AWS_REGION");
  const named = process.env.AWS_ENDPOINT_URL_SSM;
  return named
    ? `${new URL(named).origin}/`
    : `https://ssm.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}/`;
}
