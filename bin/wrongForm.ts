import type { SecretView } from "../lib/operator/findSecrets.ts";
import type { Address } from "./Address.ts";
import { howToSet } from "./howToSet.ts";

/** What is wrong with secrets that are there but not of their form, and what to do; undefined when none is. */
export function wrongForm(address: Address, secrets: readonly SecretView[]): string | undefined {
  const wrong = secrets.filter(({ allowed }) => allowed !== null);
  if (wrong.length === 0) return undefined;
  return `${wrong.map(({ name, allowed }) => `${name} is not ${allowed}`).join(", ")}: ${howToSet(address, wrong)}`;
}
