import { VesperError } from "./VesperError.ts";

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
  readonly body: string | undefined;

  constructor(kind: FailureKind, message: string, options: DeliveryErrorOptions = {}) {
    super(message, options);
    this.kind = kind;
    this.retry = RETRIED.has(kind);
    // An adapter may have taken them from an answer unread. With one that no row can hold the failure would go unrecorded.
    this.status = Number.isSafeInteger(options.status) ? options.status : undefined;
    this.retryAfter = Number.isFinite(options.retryAfter) ? options.retryAfter : undefined;
    this.outcome = options.outcome ?? (kind === "timeout" || kind === "transient" ? "unknown" : "rejected");
    this.body = options.body;
  }
}
