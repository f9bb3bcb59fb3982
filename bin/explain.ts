import { ConfigError } from "../lib/config/ConfigError.ts";
import { HttpError } from "../lib/runtime/HttpError.ts";
import { oneLine } from "../lib/runtime/oneLine.ts";
import { plain } from "../lib/runtime/plain.ts";
import { SecretUnavailable } from "../lib/runtime/SecretUnavailable.ts";
import { VesperError } from "../lib/runtime/VesperError.ts";
import { UnreadableConfig } from "../local/UnreadableConfig.ts";
import { awsProblem } from "./awsProblem.ts";
import { NotRunning } from "./NotRunning.ts";
import { stackPath } from "./stackPath.ts";
import type { Target } from "./Target.ts";
import type { Terminal } from "./Terminal.ts";

/** Nobody answered at all. */
const UNREACHABLE = new Set(["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]);

/** One clear line for what a person can mend, several for a config; everything for a bug. */
export function explain(error: unknown, env: Terminal["env"], target: Target): string {
  // Of a config every problem, or the place, each in a line of its own.
  if (error instanceof ConfigError || error instanceof UnreadableConfig) return `vesper: ${plain(error.message)}`;
  const reason = reasonOf(error, env, target);
  if (reason !== undefined) return `vesper: ${reason}`;
  return `vesper: this is a bug: ${plain(error instanceof Error ? (error.stack ?? error.message) : String(error))}`;
}

/** What a person can do about an error, in one line; undefined for a bug. */
export function reasonOf(error: unknown, env: Terminal["env"], target: Target): string | undefined {
  // What an operator can do about is the reason why.
  if (error instanceof SecretUnavailable) return reasonOf(error.cause, env, target) ?? oneLine(error.message);
  // A platform that can't be reached says so itself.
  if (error instanceof VesperError && !(error instanceof HttpError)) return oneLine(error.message);
  const code = unreachable(error);
  if (target.stack === undefined && code === "ECONNREFUSED") return new NotRunning(stackPath(env)).message;
  if (error instanceof VesperError) return oneLine(error.message);
  const problem = awsProblem(error, target);
  if (problem !== undefined) return problem;
  const where = target.stack === undefined ? "the gateway" : "AWS";
  if (code !== undefined) return `no answer from ${where} (${code}): check the network and --region`;
  if (error instanceof Error && error.name === "TimeoutError") return `no answer from ${where} in time: try again`;
  return undefined;
}

/** The code of an error that says that nothing was sent. */
function unreachable(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ("code" in cause && UNREACHABLE.has(String(cause.code))) return String(cause.code);
    // On this machine: the gateway ended after, or without, removing its file.
    if (cause instanceof HttpError && cause.outcome === "not-sent") return "ECONNREFUSED";
  }
  return undefined;
}
