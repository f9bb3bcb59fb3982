import { oneLine } from "../../runtime/oneLine.ts";
import type { Target } from "./Target.ts";

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
export function awsProblem(error: unknown, { profile }: Target): string | undefined {
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
    if (who === undefined) return `access denied: ${oneLine(message)}`;
    const on = resource === undefined ? "" : ` on ${resource.replace(/[.,]$/, "")}`;
    return `access denied: ${who} may not ${action}${on}: allow it, or give another --profile`;
  }
  // A service's own word.
  return "$fault" in error ? `${name}: ${oneLine(message)}` : undefined;
}
