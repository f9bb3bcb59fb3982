// The prefixes are those on the service's wire; the SDK cuts them off.
const PREFIXES: Record<string, string> = {
  ValidationException: "com.amazon.coral.validate#",
  SerializationException: "com.amazon.coral.service#",
  UnknownOperationException: "com.amazon.coral.service#",
  MissingAuthenticationTokenException: "com.amazon.coral.service#",
  UnrecognizedClientException: "com.amazon.coral.service#",
};

/** An answer of the service that is an error. dynalite's own errors have the same two fields. */
export class ServiceError extends Error {
  readonly statusCode: number;
  readonly body: Record<string, unknown>;

  /**
   * @param code the exception's name, as the SDK shows it
   * @param message the service's text
   * @param more further members of the error's body
   */
  constructor(code: string, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.statusCode = code === "InternalServerError" ? 500 : 400;
    const prefix = PREFIXES[code] ?? "com.amazonaws.dynamodb.v20120810#";
    this.body = { __type: prefix + code, message, ...more };
  }

  /** The error as an answer, whether it is ours or dynalite's; undefined when it is a fault of the program. */
  static from(error: unknown): { statusCode: number; body: Record<string, unknown> } | undefined {
    if (!(error instanceof Error) || !("body" in error) || !("statusCode" in error)) return undefined;
    const { body, statusCode } = error;
    if (typeof statusCode !== "number" || typeof body !== "object" || body === null) return undefined;
    return { statusCode, body: { ...body } };
  }
}
