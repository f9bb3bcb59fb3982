import type { Config } from "../config/Config.ts";
import { type FunctionWithSecrets, functionSecrets } from "../config/secrets.ts";
import { systemClock } from "../domain/observability.ts";
import type { AwsCaller } from "../runtime/aws/awsCaller.ts";
import { parameterReader } from "../runtime/aws/parameterReader.ts";
import { type KnownSecrets, knownSecrets } from "../runtime/knownSecrets.ts";
import { ssmSecrets } from "../runtime/ssmSecrets.ts";
import { endpointFromEnvironment } from "./awsFromEnvironment.ts";
import { environmentVariable } from "./environmentVariable.ts";

/** A function's secrets, from its environment. They are on their way from here on. */
export function secretsFromEnvironment(call: AwsCaller, config: Config, name: FunctionWithSecrets): KnownSecrets {
  const region = environmentVariable("AWS_REGION");
  const host = `ssm.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`;
  const read = parameterReader(call, endpointFromEnvironment("SSM", `https://${host}`));
  const source = ssmSecrets(read, environmentVariable("SECRETS_PREFIX"), systemClock, functionSecrets(config, name));
  source.prefetch();
  return knownSecrets(source);
}
