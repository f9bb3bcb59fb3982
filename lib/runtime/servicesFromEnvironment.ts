import { SSMClient } from "@aws-sdk/client-ssm";
import type { Config } from "../config/Config.ts";
import { systemClock } from "./Clock.ts";
import { clientDefaults } from "./clientDefaults.ts";
import { coreFromEnvironment } from "./coreFromEnvironment.ts";
import { createServices } from "./createServices.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { knownSecrets } from "./knownSecrets.ts";
import { nodeHttpClient } from "./nodeHttpClient.ts";
import type { Services } from "./Services.ts";
import { ssmSecrets } from "./ssmSecrets.ts";

/** The services of a function, from its environment. */
export function servicesFromEnvironment(config: Config): Services {
  const source = ssmSecrets(new SSMClient(clientDefaults), environmentVariable("SECRETS_PREFIX"), systemClock);
  const secrets = knownSecrets(source);
  return createServices({
    ...coreFromEnvironment(config, secrets.scrub),
    http: nodeHttpClient,
    secrets,
  });
}
