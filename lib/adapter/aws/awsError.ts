import * as v from "valibot";
import { DeliveryError, type FailureKind } from "../errors.ts";
import { classifyStatus, parseRetryAfter } from "../http/responseError.ts";

/** What AWS's services call their errors where the status does not say it: each service's list of them. */
const BY_NAME: Readonly<Record<string, FailureKind>> = {
  ThrottlingException: "throttled",
  ThrottledException: "throttled",
  TooManyRequestsException: "throttled",
  ServiceQuotaExceededException: "quota",
  AccessDeniedException: "auth",
  UnrecognizedClientException: "auth",
  CredentialsProviderError: "auth",
  ResourceNotFoundException: "gone",
  ValidationException: "invalid",
  ModelTimeoutException: "transient",
  ModelNotReadyException: "transient",
  ModelErrorException: "transient",
  ModelStreamErrorException: "transient",
};

/**
 * What is over with the next credentials of a role, or once the clocks agree: the same call, signed anew, may succeed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html
 */
const STALE_SIGNATURE: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidSignatureException",
  "RequestExpired",
  "RequestTimeTooSkewed",
]);

interface AwsFailure {
  readonly name: string;
  readonly status?: number | undefined;
  readonly retryAfter?: string | undefined;
}

const number = v.fallback(v.optional(v.number()), undefined);
const text = v.fallback(v.optional(v.string()), undefined);

const failureSchema = v.pipe(
  v.object({
    name: v.string(),
    $metadata: v.optional(v.object({ httpStatusCode: number }), {}),
    $response: v.optional(
      v.object({ statusCode: number, headers: v.optional(v.object({ "retry-after": text }), {}) }),
      {},
    ),
  }),
  v.transform(
    ({ name, $metadata, $response }): AwsFailure => ({
      name,
      status: $metadata.httpStatusCode ?? $response.statusCode,
      retryAfter: $response.headers?.["retry-after"],
    }),
  ),
);

/**
 * The classified error of a call by an AWS client; one that is classified already stays as it is. Its message says the error's name and never its words, which may repeat
 * what was sent.
 *
 * @param service in words, such as `Bedrock`
 * @param signal the call's own; once aborted, there was no answer in time
 * @param now milliseconds since the epoch
 */
export function awsError(service: string, cause: unknown, signal: AbortSignal, now: number): DeliveryError {
  if (cause instanceof DeliveryError) return cause;
  if (signal.aborted) return new DeliveryError("timeout", `${service} did not answer in time`, { cause });
  const { name, status, retryAfter: header } = v.parse(v.fallback(failureSchema, { name: "an odd error" }), cause);
  if (!Object.hasOwn(BY_NAME, name) && !STALE_SIGNATURE.has(name) && (status === undefined || status < 300)) {
    const outcome = /ECONNREFUSED|ENOTFOUND/.test(codeOf(cause)) ? "not-sent" : "unknown";
    return new DeliveryError("transient", `no answer from ${service}: ${name}`, { cause, outcome });
  }
  const retryAfter = parseRetryAfter(header, now);
  const isStale = STALE_SIGNATURE.has(name);
  const kind = isStale ? "transient" : (BY_NAME[name] ?? classifyStatus(status ?? 500));
  return new DeliveryError(kind, `${service} answered ${name}`, {
    cause: new Error(name),
    ...(isStale ? { outcome: "rejected" } : {}),
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}
