import type { Secrets } from "../adapter/AdapterServices.ts";
import { MissingSecretError, SecretUnavailable } from "../adapter/errors.ts";
import type { Clock } from "../domain/observability.ts";
import { AwsCallError } from "./aws/awsCaller.ts";
import type { ParameterReader } from "./aws/parameterReader.ts";

/** A rotated secret is in use this long after it was changed, milliseconds. */
const KEPT = 5 * 60_000;

/** A secret that could not be read anew is read again after so long, milliseconds; until then the old one serves. */
const NEXT_TRY = 30_000;

/** The most that reading may take, milliseconds. */
const TIME_LIMIT = 3_000;

/** The most names of one GetParameters. */
const BATCH = 10;

/** Secrets that can be read before they are needed. */
export interface SsmSecrets extends Secrets {
  /** Begins to read all names. Nobody waits for it, and a failure shows when a secret is needed, which reads anew. */
  prefetch(): void;
}

/**
 * Secrets from SSM parameters below `prefix`, read again five minutes after they were read. What is known outlives an
 * outage of the service, which answers only some 40 reads a second; what was deleted does not.
 * White space around a value is dropped: a file or an editor has put it there, and no header can carry it.
 *
 * @param names are read together, ten a call, and never twice at once; a secret beside them is read by itself
 */
export function ssmSecrets(
  readParameters: ParameterReader,
  prefix: string,
  clock: Clock,
  names: readonly string[] = [],
): SsmSecrets {
  const known = new Map<string, { readonly value: string; readonly until: number }>();
  const failures = new Map<string, unknown>();
  const batches = Array.from({ length: Math.ceil(names.length / BATCH) }, (_, at) =>
    names.slice(at * BATCH, (at + 1) * BATCH),
  );
  /** Reads under way, by the names that they read. None of them rejects. */
  const flights = new Map<string, Promise<void>>();

  const isFresh = (name: string) => (known.get(name)?.until ?? 0) > clock.now();
  const batchOf = (name: string) => batches.find((batch) => batch.includes(name)) ?? [name];
  const read = (batch: readonly string[]) => {
    const flight = flights.get(batch.join()) ?? fetchBatch(batch).finally(() => flights.delete(batch.join()));
    flights.set(batch.join(), flight);
    return flight;
  };

  const fetchBatch = async (batch: readonly string[]): Promise<void> => {
    try {
      const paths = batch.map((name) => `${prefix}/${name}`);
      const found = await readParameters(paths, AbortSignal.timeout(TIME_LIMIT));
      for (const name of batch) {
        const value = found.get(`${prefix}/${name}`)?.trim();
        failures.delete(name);
        if (value) known.set(name, { value, until: clock.now() + KEPT });
        else known.delete(name);
      }
    } catch (error) {
      // One that may not be read is refused with all others, and must not hold them up.
      if (batch.length > 1 && error instanceof AwsCallError && error.code === "AccessDeniedException") {
        await Promise.all(batch.map((name) => fetchBatch([name])));
        return;
      }
      for (const name of batch) {
        failures.set(name, error);
        const kept = known.get(name);
        if (kept) known.set(name, { ...kept, until: clock.now() + NEXT_TRY });
      }
    }
  };

  return {
    prefetch() {
      for (const batch of batches) void read(batch);
    },

    async get({ secret }) {
      const batch = batchOf(secret);
      // A read that was begun for another may have failed because the function was frozen meanwhile: then one of its own.
      if (!isFresh(secret)) await flights.get(batch.join());
      if (!isFresh(secret)) await read(batch);
      const kept = known.get(secret);
      if (kept) return kept.value;
      const parameter = `${prefix}/${secret}`;
      const cause = failures.get(secret);
      throw cause === undefined ? new MissingSecretError(parameter) : new SecretUnavailable(parameter, { cause });
    },
  };
}
