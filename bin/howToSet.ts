import type { SecretView } from "../lib/operator/findSecrets.ts";
import type { Address } from "./Address.ts";

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
