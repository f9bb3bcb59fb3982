/** How a memory provider can be broken. */
export const FAULTS = ["down", "slow", "401", "429"] as const;

/** `down`: answers 503. `slow`: answers after the caller has given up. `401`, `429`: answers with that status. */
export type Fault = (typeof FAULTS)[number];
