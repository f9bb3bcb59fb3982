import type { Secrets } from "../../lib/adapter/AdapterServices.ts";
import { MissingSecretError } from "../../lib/adapter/errors.ts";

/** Secrets as they stand now, for what runs beside the functions; one that is written later is found then. */
export function secretsNow(read: () => ReadonlyMap<string, string>): Secrets {
  return {
    async get({ secret }) {
      const value = read().get(secret)?.trim();
      if (!value) throw new MissingSecretError(secret);
      return value;
    },
  };
}
