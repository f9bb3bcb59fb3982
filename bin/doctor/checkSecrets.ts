import type { Config } from "../../lib/config/Config.ts";
import { findSecrets } from "../../lib/operator/findSecrets.ts";
import { secretNames } from "../../local/secrets/secretNames.ts";
import type { Gateway } from "../connect.ts";
import { howToSet } from "../howToSet.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** Whether every secret that the config refers to is there. */
export async function checkSecrets({ parameters, address }: Gateway, config: Config): Promise<readonly Finding[]> {
  const secrets = await findSecrets(parameters, secretNames(config));
  const missing = secrets.filter(({ present }) => !present);
  if (missing.length === 0) return [ok("secrets", `${secrets.length} of ${secrets.length} are there`)];
  const names = missing.map(({ name }) => name).join(", ");
  return [failed("secrets", `missing ${names}: ${howToSet(address, missing)}`)];
}
