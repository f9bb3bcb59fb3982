import { ConfigError } from "../lib/adapter/errors.ts";
import { UnreadableConfig } from "../lib/config/UnreadableConfig.ts";
import type { Target } from "../lib/operator/gateway/address.ts";
import { reasonOf } from "../lib/operator/gateway/reasonOf.ts";
import { plain } from "../lib/operator/plain.ts";
import type { Terminal } from "./Terminal.ts";

/** One clear line for what a person can mend, several for a config; everything for a bug. */
export function explain(error: unknown, env: Terminal["env"], target: Target): string {
  // Of a config every problem, or the place, each in a line of its own.
  if (error instanceof ConfigError || error instanceof UnreadableConfig) return `vesper: ${plain(error.message)}`;
  const reason = reasonOf(error, env, target);
  if (reason !== undefined) return `vesper: ${reason}`;
  return `vesper: this is a bug: ${plain(error instanceof Error ? (error.stack ?? error.message) : String(error))}`;
}
