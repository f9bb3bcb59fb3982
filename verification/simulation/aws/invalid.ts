import { serviceError } from "./serviceError.ts";

/** A request that the table's service refuses as it is. */
export function invalid(message: string): Error {
  return serviceError("ValidationException", message);
}
