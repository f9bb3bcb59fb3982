/**
 * The base of every error that Vesper throws on purpose. The message says what was given, what is allowed and what to
 * do. Anything else that is thrown is a bug and is treated as one: never retried blindly, always made visible.
 */
export abstract class VesperError extends Error {
  /** Whether the same call may succeed later, unchanged. */
  abstract readonly retry: boolean;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
