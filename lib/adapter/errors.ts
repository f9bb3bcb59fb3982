import { VesperError } from "../domain/VesperError.ts";
import type { SecretRef } from "./options.ts";

/** Why a call to a platform or provider failed, which decides what happens next. */
export type FailureKind =
  /** Too many calls; try again after `retryAfter`. */
  | "throttled"
  /** The other side is unwell or unreachable; try again. */
  | "transient"
  /** No answer in time; the other side may have acted. Try again. */
  | "timeout"
  /** The credentials are wrong. No retry mends it; redrive after the config is mended. */
  | "auth"
  /** A quota is used up. Try again slowly. */
  | "quota"
  /** The request is wrong. No retry mends it. */
  | "invalid"
  /** What the request names is no longer there. No retry mends it. */
  | "gone";

const RETRIED: ReadonlySet<FailureKind> = new Set(["throttled", "transient", "timeout", "quota"]);

export interface DeliveryErrorOptions extends ErrorOptions {
  /** The HTTP status, where there was one. */
  readonly status?: number;
  /** How long the other side asks to wait, milliseconds. */
  readonly retryAfter?: number;
  /** Whether the other side may have acted on the request all the same. */
  readonly outcome?: "not-sent" | "rejected" | "unknown";
  /** Of kind `gone`: nothing will ever arrive in this chat again, so that its session ends. @default false */
  readonly chatIsGone?: boolean;
  /** The head of the response's body, for the ledger. Never logged: it may repeat what was sent. */
  readonly body?: string;
}

/** A failed call to a platform or memory provider, classified. */
export class DeliveryError extends VesperError {
  override readonly name = "DeliveryError";
  readonly kind: FailureKind;
  readonly retry: boolean;
  readonly status: number | undefined;
  readonly retryAfter: number | undefined;
  readonly outcome: "not-sent" | "rejected" | "unknown";
  readonly chatIsGone: boolean;
  readonly body: string | undefined;

  constructor(kind: FailureKind, message: string, options: DeliveryErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.retry = RETRIED.has(kind);
    // An adapter may have taken them from an answer unread. With one that no row can hold the failure would go unrecorded.
    this.status = Number.isSafeInteger(options.status) ? options.status : undefined;
    this.retryAfter = Number.isFinite(options.retryAfter) ? options.retryAfter : undefined;
    this.outcome = options.outcome ?? (kind === "timeout" || kind === "transient" ? "unknown" : "rejected");
    this.chatIsGone = options.chatIsGone ?? false;
    this.body = options.body;
  }
}

/** A webhook call that is refused at the edge. Nothing has been changed by it. */
export class WebhookError extends VesperError {
  override readonly name = "WebhookError";
  readonly retry = false;
  readonly status: 400 | 401 | 404 | 405 | 413;
  /** The field that is wrong, as a dotted path, where it is one. */
  readonly field: string | undefined;
  /** Of the answer, beside its content type, such as `allow` of a 405. Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: 400 | 401 | 404 | 405 | 413,
    message: string,
    options?: ErrorOptions & { readonly field?: string; readonly headers?: Readonly<Record<string, string>> },
  ) {
    super(message, options);
    this.status = status;
    this.field = options?.field;
    this.headers = options?.headers ?? {};
  }
}

/** No response came. `outcome` says whether the other side may have acted on the request all the same. */
export class HttpError extends VesperError {
  override readonly name = "HttpError";
  readonly retry = true;
  readonly outcome: "not-sent" | "unknown";

  constructor(message: string, outcome: "not-sent" | "unknown", options?: ErrorOptions) {
    super(message, options);
    this.outcome = outcome;
  }
}

/** A secret that the config refers to has no value. */
export class MissingSecretError extends VesperError {
  override readonly name = "MissingSecretError";
  readonly retry = true;
  constructor(parameter: string, options?: ErrorOptions) {
    super(`no secret "${parameter}"; set that SSM parameter, or the line in .env when it runs locally`, options);
  }
}

/** A secret has a value, but not one of the form it must have. The message never holds the value. */
export class SecretFormatError extends VesperError {
  override readonly name = "SecretFormatError";
  readonly retry = false;

  /** @param allowed the form it must have, in words */
  constructor(ref: SecretRef, allowed: string) {
    super(`the secret ${ref.secret} is not ${allowed}; set it again and redeliver`);
  }
}

/** A secret could not be read just now: too many calls, no permission, no answer. Where it is kept may well have it. */
export class SecretUnavailable extends VesperError {
  override readonly name = "SecretUnavailable";
  readonly retry = true;
  constructor(parameter: string, options: ErrorOptions) {
    super(`the secret "${parameter}" could not be read; it is tried again`, options);
  }
}

/** A request that must not be sent where it is addressed to. Says the host alone: a path may hold a token. */
export class ForbiddenAddress extends VesperError {
  override readonly name = "ForbiddenAddress";
  readonly retry = false;
  constructor(host: string, why: string) {
    super(`nothing is sent to ${host}: ${why}`);
  }
}

/** The config is wrong: every problem with its path, what was given and what is allowed. */
export class ConfigError extends VesperError {
  override readonly name = "ConfigError";
  readonly retry = false;
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the config is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}
