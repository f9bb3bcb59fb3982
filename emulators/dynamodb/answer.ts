import { AwsError } from "../AwsError.ts";
import type { KeyVerdict } from "../accessKey.ts";
import type { Engine } from "./engine.ts";
import { errorAnswer } from "./errorAnswer.ts";
import { operations } from "./operations.ts";

/** A response before it is text. */
export interface Answer {
  statusCode: number;
  body: object;
}

/**
 * Answers one request; never throws.
 *
 * @param target the `x-amz-target` header
 * @param key whether the request is signed in the name of the right access key
 */
export async function answer(engine: Engine, target: string, key: KeyVerdict, body: string): Promise<Answer> {
  try {
    const operation = operations.get(target);
    if (!operation) throw new AwsError("UnknownOperationException", `There is no operation ${target}`);
    if (key === "missing") {
      throw new AwsError("MissingAuthenticationTokenException", "Request is missing Authentication Token");
    }
    if (key === "wrong") {
      throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    return { statusCode: 200, body: await operation(engine, parse(body)) };
  } catch (error) {
    const known = errorAnswer(error);
    if (known) return known;
    // A fault of this program: the client learns of it, and so does whoever reads the log.
    console.error(error);
    return (
      errorAnswer(new AwsError("InternalServerError", String(error), { status: 500 })) ?? { statusCode: 500, body: {} }
    );
  }
}

function parse(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Told below, with all that is no JSON object.
  }
  throw new AwsError("SerializationException", "The request's body is no JSON object");
}
