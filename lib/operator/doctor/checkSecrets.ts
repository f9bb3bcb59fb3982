import type { Config } from "../../config/Config.ts";
import { secretNames } from "../../config/secretNames.ts";
import { findSecrets } from "../findSecrets.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";
import { howToSet } from "./howToSet.ts";

/** Whether every secret that the config refers to is there. */
export async function checkSecrets({ parameters, address }: Gateway, config: Config): Promise<readonly Finding[]> {
  const secrets = await findSecrets(parameters, secretNames(config));
  const missing = secrets.filter(({ present }) => !present);
  if (missing.length === 0) return [ok("secrets", `${secrets.length} of ${secrets.length} are there`)];
  const names = missing.map(({ name }) => name).join(", ");
  return [failed("secrets", `missing ${names}: ${howToSet(address, missing)}`)];
}
