/** Random numbers that a seed decides. */
export interface Random {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** A number from `least` up to `most`. */
  between(least: number, most: number): number;
  /** A whole number from 0 up to, but not, `limit`. */
  below(limit: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  /** One of them, each as likely as its weight says. */
  weighted<T extends string>(weights: Readonly<Record<T, number>>): T;
}

/**
 * The random numbers of one part of a run. Parts have streams of their own, so that how often one draws, which depends on
 * the machine's speed, changes nothing for the others.
 */
export function createRandom(seed: number, part: string): Random {
  let state = [...part].reduce((hash, dlqMessage) => Math.imul(hash ^ dlqMessage.charCodeAt(0), 0x01000193), seed | 0);
  // mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    weighted<T extends string>(weights: Readonly<Record<T, number>>): T {
      const names = Object.keys(weights) as T[];
      let left = next() * names.reduce((sum, name) => sum + weights[name], 0);
      const found = names.find((name) => {
        left -= weights[name];
        return left < 0;
      });
      return found ?? (names.at(-1) as T);
    },
  };
}
