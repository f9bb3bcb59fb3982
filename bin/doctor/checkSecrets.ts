import type { Config } from "../../lib/config/Config.ts";
import { findSecrets } from "../../lib/operator/findSecrets.ts";
import { secretRefs } from "../../local/secrets/secretNames.ts";
import type { Gateway } from "../connect.ts";
import { howToSet } from "../howToSet.ts";
import { wrongForm } from "../wrongForm.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** Whether every secret that the config refers to is there and of its form. */
export async function checkSecrets({ parameters, address }: Gateway, config: Config): Promise<readonly Finding[]> {
  const secrets = await findSecrets(parameters, secretRefs(config));
  const missing = secrets.filter(({ present }) => !present);
  const wrong = wrongForm(address, secrets);
  if (missing.length === 0 && wrong === undefined) {
    return [ok("secrets", `${secrets.length} of ${secrets.length} are there`)];
  }
  const names = missing.map(({ name }) => name).join(", ");
  return [
    ...(missing.length > 0 ? [failed("secrets", `missing ${names}: ${howToSet(address, missing)}`)] : []),
    ...(wrong === undefined ? [] : [failed("secrets", wrong)]),
  ];
}
