import { DeliveryError } from "./errors.ts";

/** What a number from -1 to 1 is multiplied by, so that it is a signed byte. */
const SCALE = 127;

/** More numbers than models make. A fact's row must hold a byte for each, and a call an argument. */
const MOST_NUMBERS = 16_384;

/**
 * A vector as it is kept: of length one, each number a signed byte. A 127th is finer than what tells one meaning from another,
 * and takes an eighth of the place.
 *
 * @throws DeliveryError `transient` for a vector that has no direction, or more than 16,384 numbers
 */
export function packVector(numbers: readonly number[]): Uint8Array {
  const length = numbers.length > MOST_NUMBERS ? Number.NaN : Math.hypot(...numbers);
  if (!(length > 0 && Number.isFinite(length))) {
    const problem = `the model made a vector of no direction, or of more than ${MOST_NUMBERS} numbers: ${numbers.length}`;
    throw new DeliveryError("transient", problem, { outcome: "rejected" });
  }
  return new Uint8Array(Int8Array.from(numbers, (number) => Math.round((number / length) * SCALE)).buffer);
}
