import { HttpError, SecretUnavailable } from "../../adapter/errors.ts";
import { VesperError } from "../../domain/VesperError.ts";
import { singleLine } from "../plain.ts";
import { type Surroundings, stackPath, type Target } from "./address.ts";
import { NotRunning } from "./localAddress.ts";

/** Names of the errors that say that the credentials are none, or none any more. */
const REFUSED = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);

/** As every service words it, with why at the end. */
const DENIED = /User: (\S+) is not authorized to perform: (\S+)(?: on resource: (\S+))?/;

/**
 * What an error of the AWS SDK means to an operator and what to do, in one line; undefined when it is no such error. Of
 * errors about credentials nothing is repeated: a program that a profile names may have put anything into them.
 */
function awsProblem(error: unknown, { profile }: Target): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { name, message } = error;
  const whose = profile === undefined ? "" : ` of the profile "${profile}"`;
  if (name === "CredentialsProviderError" || name === "TokenProviderError") {
    return `no AWS credentials${whose}: log in (aws sso login), set AWS_PROFILE, or give --profile`;
  }
  if (message === "Region is missing")
    return "no AWS region: give --region, set AWS_REGION, or put one into the profile";
  if (REFUSED.has(name))
    return `AWS refuses the credentials${whose} (${name}): log in again, or give another --profile`;
  if (/^AccessDenied/.test(name)) {
    const [, who, action, resource] = DENIED.exec(message) ?? [];
    if (who === undefined) return `access denied: ${singleLine(message)}`;
    const on = resource === undefined ? "" : ` on ${resource.replace(/[.,]$/, "")}`;
    return `access denied: ${who} may not ${action}${on}: allow it, or give another --profile`;
  }
  // A service's own word.
  return "$fault" in error ? `${name}: ${singleLine(message)}` : undefined;
}

/** Nobody answered at all. */
const UNREACHABLE = new Set(["ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENOTFOUND"]);

/** What a person can do about an error, in one line; undefined for a bug. */
export function reasonOf(error: unknown, env: Surroundings["env"], target: Target): string | undefined {
  // What an operator can do about is the reason why.
  if (error instanceof SecretUnavailable) return reasonOf(error.cause, env, target) ?? singleLine(error.message);
  // A platform that can't be reached says so itself.
  if (error instanceof VesperError && !(error instanceof HttpError)) return singleLine(error.message);
  const code = unreachable(error);
  if (target.stack === undefined && code === "ECONNREFUSED") return new NotRunning(stackPath(env)).message;
  if (error instanceof VesperError) return singleLine(error.message);
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
