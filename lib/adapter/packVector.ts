import { DeliveryError } from "./errors.ts";

/** What a number from -1 to 1 is multiplied by, so that it is a signed byte. */
const SCALE = 127;

/**
 * A vector as it is kept: of length one, each number a signed byte. A 127th is finer than what tells one meaning from another,
 * and takes an eighth of the place.
 *
 * @throws DeliveryError `transient` for a vector that has no direction
 */
export function packVector(numbers: readonly number[]): Uint8Array {
  const length = Math.hypot(...numbers);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new DeliveryError("transient", "the model made a vector that has no direction", { outcome: "rejected" });
  }
  return new Uint8Array(Int8Array.from(numbers, (number) => Math.round((number / length) * SCALE)).buffer);
}
