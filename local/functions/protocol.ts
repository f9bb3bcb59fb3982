import type { SharedOffset } from "../lab/moveDate.ts";

/** What goes between the runner and a function's thread. Events and results go as JSON text, as on AWS. */

/** How a thread is told what it is. */
export interface BootstrapData {
  /** `file:` address of the function's bundle. */
  readonly bundle: string;
  /** The gateway's data folder, where the lab says which providers are broken. */
  readonly dataPath: string;
  /** By how much the clock is moved. */
  readonly offset: SharedOffset;
  /** Where the fake of each simulated platform's API is, by the platform's name. */
  readonly simulated: Readonly<Record<string, string>>;
}

/** Runner to thread: run the handler once. */
export interface Invocation {
  readonly event: string;
  readonly requestId: string;
  /** Milliseconds that it may take, whatever becomes of the clock meanwhile. */
  readonly timeout: number;
}

/** What a handler threw. */
export interface HandlerFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Thread to runner: loaded, or the outcome of the invocation. */
export type Answer =
  | { readonly type: "ready" }
  | { readonly type: "result"; readonly json: string }
  | { readonly type: "failure"; readonly failure: HandlerFailure };
