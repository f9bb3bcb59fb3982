import { randomBytes } from "node:crypto";

/** Crockford's base32: no I, L, O and U. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/**
 * A new ULID (https://github.com/ulid/spec): ten digits of the time, then sixteen at random.
 *
 * @param now milliseconds since the epoch
 */
export function ulid(now: number): string {
  const digits = Array.from({ length: 10 }, (_, index) => Math.floor(now / 32 ** (9 - index)));
  // Of each random byte the last five bits count.
  return [...digits, ...randomBytes(16)].map((digit) => DIGITS[digit % 32]).join("");
}
