import type { Clock } from "../domain/observability.ts";
import type { HttpClient } from "./http/HttpClient.ts";
import type { MemoryStore } from "./MemoryStore.ts";
import type { SecretRef } from "./options.ts";

/** What an adapter may use of its surroundings. Nothing else: no `process.env`, no global clock, no own HTTP client. */
export interface AdapterServices {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly secrets: Secrets;
  /** Rows of the gateway's own table, for providers that keep memories there. */
  readonly memories: MemoryStore;
}

/** Reads secrets at the moment they are needed. */
export interface Secrets {
  /**
   * The secret's value. Throws `MissingSecretError` when there is none, which a retry may mend once it is set, and
   * `SecretUnavailable` when it can't be read just now.
   */
  get(ref: SecretRef): Promise<string>;
}
