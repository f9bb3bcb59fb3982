/**
 * The base of every error that Vesper throws on purpose. The message says what was given, what is allowed and what to
 * do. Anything else that is thrown is a bug and is treated as one: never retried blindly, always made visible.
 */
export abstract class VesperError extends Error {
  /** What the ledger and the log call it: the class's name, written out, as bundling shortens that of the class. */
  abstract override readonly name: string;

  /** Whether the same call may succeed later, unchanged. */
  abstract readonly retry: boolean;
}
