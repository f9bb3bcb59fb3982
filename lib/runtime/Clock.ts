/** Time as the code sees it. Tests pass one that they move. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves at `time` (milliseconds since the epoch), at once when it has passed. */
  until(time: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // One more, as a timer may fire up to a millisecond before its time.
  until: (time) => new Promise((resolve) => setTimeout(resolve, Math.max(0, time - Date.now() + 1))),
};
