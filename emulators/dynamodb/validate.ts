import { AwsError } from "../AwsError.ts";
import { OPTIONS, type Spec, validations } from "./dynalite.ts";

/**
 * Checks a request against its shape as the service would, in the service's words.
 *
 * @param body parsed JSON from outside
 * @returns the known members only; `T` is what `spec` describes
 * @throws errors of the service: SerializationException, ValidationException
 */
export function validate<T extends object>(spec: Spec, body: unknown): T {
  try {
    const data = validations.checkTypes(body, spec.types);
    validations.checkValidations(data, spec.types, spec.custom, { options: OPTIONS });
    return data as T;
  } catch (error) {
    // dynalite's checks trip over a null within a list or map: the request is wrong, not this program.
    if (error instanceof TypeError) throw new AwsError("ValidationException", `Invalid request: ${error.message}`);
    throw error;
  }
}
