import { reasonOf } from "../lib/operator/gateway/reasonOf.ts";
import type { Target } from "../lib/operator/gateway/Target.ts";
import { plain } from "../lib/runtime/plain.ts";
import type { Terminal } from "./Terminal.ts";

/** One clear line for what a person can mend; everything for a bug. */
export function explain(error: unknown, env: Terminal["env"], target: Target): string {
  const reason = reasonOf(error, env, target);
  if (reason !== undefined) return `vesper: ${reason}`;
  return `vesper: this is a bug: ${plain(error instanceof Error ? (error.stack ?? error.message) : String(error))}`;
}
