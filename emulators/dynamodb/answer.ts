import type { KeyVerdict } from "../../local/http/accessKey.ts";
import type { Engine } from "./engine.ts";
import { operations } from "./operations.ts";
import { ServiceError } from "./ServiceError.ts";

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
    if (!operation) throw new ServiceError("UnknownOperationException", `There is no operation ${target}`);
    if (key === "missing") {
      throw new ServiceError("MissingAuthenticationTokenException", "Request is missing Authentication Token");
    }
    if (key === "wrong") {
      throw new ServiceError("UnrecognizedClientException", "The security token included in the request is invalid.");
    }
    return { statusCode: 200, body: await operation(engine, parse(body)) };
  } catch (error) {
    const known = ServiceError.from(error);
    if (known) return known;
    // A fault of this program: the client learns of it, and so does whoever reads the log.
    console.error(error);
    const { statusCode, body: text } = new ServiceError("InternalServerError", String(error));
    return { statusCode, body: text };
  }
}

function parse(text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !Array.isArray(body)) return body;
  } catch {
    // Told below, with all that is no JSON object.
  }
  throw new ServiceError("SerializationException", "The request's body is no JSON object");
}
