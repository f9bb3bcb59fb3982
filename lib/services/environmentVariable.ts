import { VesperError } from "../domain/VesperError.ts";

/**
 * The value of an environment variable that the stack sets. Throws `EnvironmentError` when it is missing or empty and has
 * no `fallback`.
 */
export function environmentVariable(name: string, fallback?: string): string {
  const value = process.env[name] || fallback;
  if (!value) throw new EnvironmentError(name);
  return value;
}

class EnvironmentError extends VesperError {
  override readonly name = "EnvironmentError";
  readonly retry = false;
  constructor(name: string) {
    super(`environment variable ${name} is not set; the stack sets it on each function that needs it`);
  }
}
