import { SSMClient } from "@aws-sdk/client-ssm";
import type { Config } from "../config/Config.ts";
import { clientDefaults } from "./clientDefaults.ts";
import { coreFromEnvironment } from "./coreFromEnvironment.ts";
import { createServices } from "./createServices.ts";
import { environmentVariable } from "./environmentVariable.ts";
import { fetchHttpClient } from "./fetchHttpClient.ts";
import type { Services } from "./Services.ts";
import { ssmSecrets } from "./ssmSecrets.ts";

/** The services of a function, from its environment. */
export function servicesFromEnvironment(config: Config): Services {
  const core = coreFromEnvironment(config);
  return createServices({
    ...core,
    http: fetchHttpClient,
    secrets: ssmSecrets(new SSMClient(clientDefaults), environmentVariable("SECRETS_PREFIX"), core.clock),
  });
}
