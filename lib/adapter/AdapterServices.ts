import type { Clock, Logger, Metrics } from "../domain/observability.ts";
import type { HttpClient } from "./http/HttpClient.ts";
import type { MemoryStore } from "./MemoryStore.ts";
import type { SecretRef } from "./options.ts";

/** What an adapter may use of its surroundings. Nothing else: no `process.env`, no global clock, no own HTTP client. */
export interface AdapterServices {
  readonly clock: Clock;
  /** For what an operator should know of and no error tells. Never a message's words. */
  readonly log: Logger;
  /** For what an operator watches on a chart; each name is a metric that is paid. */
  readonly metrics: Metrics;
  readonly http: HttpClient;
  readonly secrets: Secrets;
  /** Rows of the gateway's own table, for providers that keep memories there. */
  readonly memories: MemoryStore;
  readonly aws: AwsSettings;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What the AWS clients of adapters are made with, beside their own settings. Empty: the environment says it all. */
export interface AwsSettings {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
}

/** Reads secrets at the moment they are needed. */
export interface Secrets {
  /**
   * The secret's value. Throws `MissingSecretError` when there is none, which a retry may mend once it is set, and
   * `SecretUnavailable` when it can't be read just now.
   */
  get(ref: SecretRef): Promise<string>;
}
