import type { SecretView } from "../findSecrets.ts";
import type { Address } from "../gateway/Address.ts";

/** What an operator does about missing secrets, in words. */
export function howToSet({ deployment, region }: Address, missing: readonly SecretView[]): string {
  const names = missing.map(({ name }) => name).join(", ");
  if (!deployment) return `write ${names} into .env beside the config, one NAME=value a line`;
  const [first] = missing;
  const others =
    missing.length > 1
      ? `, and so for ${missing
          .slice(1)
          .map(({ name }) => name)
          .join(", ")}`
      : "";
  return `aws ssm put-parameter --region ${region} --type SecureString --name ${first?.parameter ?? ""} --value …${others}`;
}
