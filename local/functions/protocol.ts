/** What goes between the runner and a function's thread. Events and results go as JSON text, as on AWS. */

/** How a thread is told what it is. */
export interface BootstrapData {
  /** `file:` address of the function's source. */
  readonly entry: string;
  /** `file:` address of the team's config, which `#config` resolves to. */
  readonly config: string;
}

/** Runner to thread: run the handler once. */
export interface Invocation {
  readonly event: string;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
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
