import type { MemoryStore } from "../memory/MemoryStore.ts";
import type { Clock } from "./Clock.ts";
import type { HttpClient } from "./HttpClient.ts";
import type { Secrets } from "./Secrets.ts";

/** What an adapter may use of its surroundings. Nothing else: no `process.env`, no global clock, no own HTTP client. */
export interface AdapterServices {
  readonly clock: Clock;
  readonly http: HttpClient;
  readonly secrets: Secrets;
  /** Rows of the gateway's own table, for providers that keep memories there. */
  readonly memories: MemoryStore;
}
