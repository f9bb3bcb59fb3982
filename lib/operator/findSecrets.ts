import { GetParametersCommand, type SSMClient } from "@aws-sdk/client-ssm";

/** The most names of one GetParameters. */
const BATCH = 10;

/** Where a gateway's secrets are kept. */
export interface ParameterStore {
  readonly client: SSMClient;
  /** What stands before `/<name>` in the parameters' names. */
  readonly prefix: string;
}

/** Whether a secret is there. A contract: keys are added, never changed. */
export interface SecretView {
  /** As the config names it. */
  readonly name: string;
  /** The parameter that holds it. */
  readonly parameter: string;
  readonly present: boolean;
}

/** Says of each secret whether it is there, by name. Values are not decrypted, and what comes of them is dropped here. */
export async function findSecrets(
  { client, prefix }: ParameterStore,
  names: readonly string[],
): Promise<readonly SecretView[]> {
  const parameters = names.map((name) => `${prefix}/${name}`);
  const found = new Set<string>();
  for (let start = 0; start < parameters.length; start += BATCH) {
    const { Parameters = [] } = await client.send(
      new GetParametersCommand({ Names: parameters.slice(start, start + BATCH), WithDecryption: false }),
    );
    for (const { Name = "" } of Parameters) found.add(Name);
  }
  return [...names].sort().map((name) => {
    const parameter = `${prefix}/${name}`;
    return { name, parameter, present: found.has(parameter) };
  });
}
