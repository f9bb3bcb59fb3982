import { HttpError } from "../lib/runtime/HttpError.ts";
import { VesperError } from "../lib/runtime/VesperError.ts";
import { NotRunning } from "./NotRunning.ts";
import { oneLine } from "./output/oneLine.ts";
import { plain } from "./output/plain.ts";
import { stackPath } from "./stackPath.ts";
import type { Terminal } from "./Terminal.ts";

/** One clear line for what a person can mend; everything for a bug. */
export function explain(error: unknown, env: Terminal["env"]): string {
  if (isRefused(error)) return `vesper: ${new NotRunning(stackPath(env)).message}`;
  if (error instanceof VesperError) return `vesper: ${oneLine(error.message)}`;
  // An AWS service's own word, such as that access is denied.
  if (error instanceof Error && "$fault" in error) return `vesper: ${error.name}: ${oneLine(error.message)}`;
  return `vesper: this is a bug: ${plain(error instanceof Error ? (error.stack ?? error.message) : String(error))}`;
}

/** Nobody listens where the gateway was: it ended after, or without, removing its file. */
function isRefused(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && cause.code === "ECONNREFUSED") return true;
    if (cause instanceof HttpError && cause.outcome === "not-sent") return true;
  }
  return false;
}
