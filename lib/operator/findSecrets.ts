import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { SecretRef } from "../adapter/options.ts";

/** The most names of one GetParameters. */
const BATCH = 10;

/** Where a gateway's secrets are kept. */
export interface ParameterStore {
  readonly client: SSMClient;
  /** What stands before `/<name>` in the parameters' names. */
  readonly prefix: string;
}

/** Whether a secret is there and of its form. A contract: keys are added, never changed. */
export interface SecretView {
  /** As the config names it. */
  readonly name: string;
  /** The parameter that holds it. */
  readonly parameter: string;
  readonly present: boolean;
  /** What its value must be and is not, in words; null when all is well, or nothing is there. */
  readonly allowed: string | null;
}

/**
 * Says of each secret whether it is there and of every form that its adapters state, by name. Values are looked at here,
 * without the white space around them, and go no further.
 */
export async function findSecrets(
  { client, prefix }: ParameterStore,
  refs: readonly SecretRef[],
): Promise<readonly SecretView[]> {
  const uses = Map.groupBy(refs, ({ secret }) => secret);
  const parameters = [...uses.keys()].map((name) => `${prefix}/${name}`);
  const found = new Map<string, string>();
  for (let start = 0; start < parameters.length; start += BATCH) {
    const { Parameters = [] } = await client.send(
      new GetParametersCommand({ Names: parameters.slice(start, start + BATCH), WithDecryption: true }),
    );
    for (const { Name = "", Value = "" } of Parameters) if (Value.trim()) found.set(Name, Value.trim());
  }
  return [...uses.keys()].sort().map((name) => {
    const parameter = `${prefix}/${name}`;
    const value = found.get(parameter);
    if (value === undefined) return { name, parameter, present: false, allowed: null };
    const broken = (uses.get(name) ?? []).find(({ form }) => form?.matches(value) === false);
    return { name, parameter, present: true, allowed: broken?.form?.shows ?? null };
  });
}
