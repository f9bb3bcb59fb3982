import { SSMClient } from "@aws-sdk/client-ssm";
import type { Config } from "../config/Config.ts";
import { type FunctionWithSecrets, functionSecrets } from "../config/functionSecrets.ts";
import { systemClock } from "./Clock.ts";
import { clientDefaults } from "./clientDefaults.ts";
import { coreFromEnvironment } from "./coreFromEnvironment.ts";
import { createServices } from "./createServices.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { knownSecrets } from "./knownSecrets.ts";
import { nodeHttpClient } from "./nodeHttpClient.ts";
import type { Services } from "./Services.ts";
import { ssmSecrets } from "./ssmSecrets.ts";

/** The services of a function, from its environment. Its secrets are on their way from here on. */
export function servicesFromEnvironment(config: Config, name: FunctionWithSecrets): Services {
  const client = new SSMClient(clientDefaults);
  const source = ssmSecrets(client, environmentVariable("SECRETS_PREFIX"), systemClock, functionSecrets(config, name));
  source.prefetch();
  const secrets = knownSecrets(source);
  return createServices({
    ...coreFromEnvironment(config, secrets.scrub),
    http: nodeHttpClient,
    secrets,
  });
}
