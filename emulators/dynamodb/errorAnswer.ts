import { AwsError } from "../AwsError.ts";

// The prefixes are those on the service's wire; the SDK cuts them off.
const PREFIXES: Record<string, string> = {
  ValidationException: "com.amazon.coral.validate#",
  SerializationException: "com.amazon.coral.service#",
  UnknownOperationException: "com.amazon.coral.service#",
  MissingAuthenticationTokenException: "com.amazon.coral.service#",
  UnrecognizedClientException: "com.amazon.coral.service#",
};

/** An error as DynamoDB writes it. */
export interface ErrorAnswer {
  readonly statusCode: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Writes an error of ours, or one of dynalite's, which is written already; undefined for a fault of the program. */
export function errorAnswer(error: unknown): ErrorAnswer | undefined {
  if (error instanceof AwsError) {
    const { code, status: statusCode, message, more } = error;
    const prefix = PREFIXES[code] ?? "com.amazonaws.dynamodb.v20120810#";
    return { statusCode, body: { __type: prefix + code, message, ...more } };
  }
  if (!(error instanceof Error) || !("body" in error) || !("statusCode" in error)) return undefined;
  const { body, statusCode } = error;
  if (typeof statusCode !== "number" || typeof body !== "object" || body === null) return undefined;
  return { statusCode, body: { ...body } };
}
