import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import type { Clock } from "./Clock.ts";
import { MissingSecretError } from "./MissingSecretError.ts";
import type { Secrets } from "./Secrets.ts";
import { SecretUnavailable } from "./SecretUnavailable.ts";

/** A rotated secret is in use this long after it was changed, milliseconds. */
const KEPT = 5 * 60_000;

/** A secret that could not be read anew is read again after so long, milliseconds; until then the old one serves. */
const NEXT_TRY = 30_000;

/** The most that reading one may take, milliseconds. */
const TIME_LIMIT = 3_000;

/**
 * Secrets from SSM parameters below `prefix`, each fetched when first needed and again every five minutes. What is known
 * outlives an outage of the service, which answers only some 40 reads a second; what was deleted does not.
 *
 * White space around a value is dropped: a file or an editor has put it there, and no header can carry it.
 */
export function ssmSecrets(client: SSMClient, prefix: string, clock: Clock): Secrets {
  const known = new Map<string, { readonly value: string; readonly until: number }>();
  return {
    async get({ secret }) {
      const kept = known.get(secret);
      if (kept && kept.until > clock.now()) return kept.value;
      try {
        const value = await fetchParameter(client, `${prefix}/${secret}`);
        known.set(secret, { value, until: clock.now() + KEPT });
        return value;
      } catch (error) {
        if (!kept || !(error instanceof SecretUnavailable)) throw error;
        known.set(secret, { value: kept.value, until: clock.now() + NEXT_TRY });
        return kept.value;
      }
    },
  };
}

async function fetchParameter(client: SSMClient, Name: string): Promise<string> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name, WithDecryption: true }), {
      abortSignal: AbortSignal.timeout(TIME_LIMIT),
    });
    const value = Parameter?.Value?.trim();
    if (value) return value;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound")
      throw new MissingSecretError(Name, { cause: error });
    throw new SecretUnavailable(Name, { cause: error });
  }
  throw new MissingSecretError(Name);
}
