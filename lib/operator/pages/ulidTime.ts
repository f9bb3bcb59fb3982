/** Crockford's base32, in the order of its values. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** When a ULID was made, milliseconds since the epoch; 0 when it is none. */
export function ulidTime(id: string): number {
  if (!/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id)) return 0;
  return [...id.slice(0, 10)].reduce((time, digit) => time * 32 + DIGITS.indexOf(digit), 0);
}
