import type { Config } from "../../config/Config.ts";
import { secretRefs } from "../../config/secrets.ts";
import { findSecrets, type SecretView } from "../findSecrets.ts";
import type { Address } from "../gateway/address.ts";
import type { Gateway } from "../gateway/connect.ts";
import { type Finding, failed, ok } from "./Finding.ts";

/** What an operator does about secrets that are missing or wrong, in words. */
export function howToSet({ deployment, region }: Address, secrets: readonly SecretView[]): string {
  const names = secrets.map(({ name }) => name).join(", ");
  if (!deployment)
    return `write ${names} into .env beside the config, one NAME=value a line, or start npm start with it in the environment`;
  const [first] = secrets;
  const overwrite = secrets.some(({ present }) => present) ? " --overwrite" : "";
  const others =
    secrets.length > 1
      ? `, and so for ${secrets
          .slice(1)
          .map(({ name }) => name)
          .join(", ")}`
      : "";
  return `aws ssm put-parameter${overwrite} --region ${region} --type SecureString --name ${first?.parameter ?? ""} --value …${others}`;
}

/** What is wrong with secrets that are there but not of their form, and what to do; undefined when none is. */
export function wrongForm(address: Address, secrets: readonly SecretView[]): string | undefined {
  const wrong = secrets.filter(({ allowed }) => allowed !== null);
  if (wrong.length === 0) return undefined;
  return `${wrong.map(({ name, allowed }) => `${name} is not ${allowed}`).join(", ")}: ${howToSet(address, wrong)}`;
}

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
