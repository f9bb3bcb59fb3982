import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Clock } from "./Clock.ts";
import { MissingSecretError } from "./MissingSecretError.ts";
import type { Secrets } from "./Secrets.ts";

/** A rotated secret is in use this long after it was changed, milliseconds. */
const KEPT = 5 * 60_000;

/** The most that reading one may take, milliseconds. */
const TIME_LIMIT = 3_000;

/** Secrets from SSM parameters below `prefix`, each fetched when first needed and again every five minutes. */
export function ssmSecrets(client: SSMClient, prefix: string, clock: Clock): Secrets {
  const known = new Map<string, { readonly value: string; readonly until: number }>();
  return {
    async get({ secret }) {
      const kept = known.get(secret);
      if (kept && kept.until > clock.now()) return kept.value;
      const value = await fetchParameter(client, `${prefix}/${secret}`);
      known.set(secret, { value, until: clock.now() + KEPT });
      return value;
    },
  };
}

async function fetchParameter(client: SSMClient, Name: string): Promise<string> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }), {
      abortSignal: AbortSignal.timeout(TIME_LIMIT),
    });
    if (Parameter?.Value) return Parameter.Value;
    throw new MissingSecretError(Name);
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound")
      throw new MissingSecretError(Name, { cause: error });
    throw error;
  }
}
