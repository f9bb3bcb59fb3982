import * as v from "valibot";
import type { AwsCredentials } from "../../adapter/AdapterServices.ts";
import { HttpError } from "../../adapter/errors.ts";
import type { HttpClient, HttpResponse } from "../../adapter/http/HttpClient.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import type { Clock } from "../../domain/observability.ts";
import { VesperError } from "../../domain/VesperError.ts";
import { signPost } from "./signPost.ts";

/** An operation of a service that speaks AWS's JSON protocol: https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html */
export interface AwsOperation {
  /** As it is signed, such as `sqs`. */
  readonly service: string;
  /** Where the service answers. */
  readonly endpoint: string;
  /** The service's own name and the operation's, such as `AmazonSQS.SendMessageBatch`. */
  readonly target: string;
  readonly version: "1.0" | "1.1";
  readonly signal?: AbortSignal;
}

/** Calls an operation, and answers what it answers. Throws `AwsCallError`. */
export type AwsCaller = (operation: AwsOperation, input: object) => Promise<unknown>;

/** What a caller works with. */
export interface AwsSurroundings {
  readonly region: string;
  readonly credentials: AwsCredentials;
  readonly http: HttpClient;
  readonly clock: Clock;
  random(): number;
  /** Of the invocation, so that X-Ray joins what the service does to it. */
  traceId(): string | undefined;
}

/** A call takes milliseconds; one that hangs is broken off and repeated. Milliseconds. */
const TIMEOUT = 5_000;

/** As often as AWS's own clients: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const ATTEMPTS = 3;

/** The longest wait before the second attempt, milliseconds; before the third it is twice as long. */
const FIRST_WAIT = 100;

/** Errors of status 400 that pass. */
const PASSING =
  /Throttl|RequestLimitExceeded|TooManyRequests|PriorRequestNotComplete|RequestTimeout|TransactionInProgress/;

/** SQS writes `message`; of others it has been `Message`, which is not worth a rule. */
const errorSchema = v.object({ __type: v.string(), message: v.optional(v.string(), "") });

/**
 * Calls AWS without its SDK, which takes most of a cold start to load: only for functions whose few calls are simple, and
 * which may be repeated. What fails in passing is repeated as the SDK does it.
 */
export function awsCaller({ region, credentials, http, clock, random, traceId }: AwsSurroundings): AwsCaller {
  async function callOnce(operation: AwsOperation, body: string): Promise<unknown> {
    const { service, endpoint: url, target, version, signal } = operation;
    const trace = traceId();
    const headers = {
      "content-type": `application/x-amz-json-${version}`,
      "x-amz-target": target,
      ...(trace === undefined ? {} : { "x-amzn-trace-id": trace }),
    };
    const signed = signPost({ url, headers, body }, { service, region, credentials }, clock.now());
    const request = { url, method: "POST", headers: signed, body, timeout: TIMEOUT, idempotent: true } as const;
    const answer = await http.send(signal ? { ...request, signal } : request).catch((cause: unknown) => {
      throw unanswered(operation, cause);
    });
    if (answer.status !== 200) throw refused(operation, answer);
    return JSON.parse(answer.text);
  }

  return async (operation, input) => {
    const body = JSON.stringify(input);
    for (let attempt = 1; ; attempt++) {
      try {
        return await callOnce(operation, body);
      } catch (error) {
        const mayPass = error instanceof AwsCallError && error.retry && !operation.signal?.aborted;
        if (!mayPass || attempt === ATTEMPTS) throw error;
        await clock.until(clock.now() + random() * FIRST_WAIT * 2 ** (attempt - 1));
      }
    }
  };
}

function unanswered({ target }: AwsOperation, cause: unknown): unknown {
  return cause instanceof HttpError
    ? new AwsCallError("NoAnswer", `${target}: ${cause.message}`, true, { cause })
    : cause;
}

function refused({ target }: AwsOperation, { status, text }: HttpResponse): AwsCallError {
  const parsed = v.safeParse(errorSchema, parseOrNothing(text));
  const { __type: type, message } = parsed.success ? parsed.output : { __type: "", message: "no error of AWS's" };
  const code = type.slice(type.lastIndexOf("#") + 1) || String(status);
  const retry = status >= 500 || status === 429 || PASSING.test(code);
  return new AwsCallError(code, `${target} answered ${status}, ${code}: ${truncate(message, 300)}`, retry);
}

function parseOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A page of something between AWS and here; the schema says so.
    return undefined;
  }
}

/** A call of AWS that failed. */
export class AwsCallError extends VesperError {
  override readonly name = "AwsCallError";
  readonly retry: boolean;
  /** AWS's own name of the error, such as `AccessDeniedException`; `NoAnswer` where none came. */
  readonly code: string;
  constructor(code: string, message: string, retry: boolean, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retry = retry;
  }
}
