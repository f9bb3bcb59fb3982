/** Every turn's sort key starts with it. */
export const TURN_PREFIX = "TURN#";

/**
 * The sort key of a turn: the platform's own message time and message identity, so that a redelivery has the same key
 * and a transcript reads in the order in which it was written.
 *
 * @param at milliseconds since the epoch
 */
export function turnKey(at: number, delivery: string): string {
  return `${TURN_PREFIX}${new Date(at).toISOString()}#${delivery}`;
}
