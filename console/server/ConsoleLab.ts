/** How a memory provider can be broken, so that one sees what the gateway makes of it. */
export const FAULTS = ["down", "slow", "401", "429"] as const;

export type Fault = (typeof FAULTS)[number];

/** What a gateway on this machine lets one try: its time moved on, its providers broken. */
export interface ConsoleLab {
  state(): LabState;
  /** Moves the gateway's clock ahead by so many milliseconds. */
  moveClock(by: number): Promise<number>;
  breakProvider(provider: string, fault: Fault): void;
  mendProvider(provider: string): void;
}

export interface LabState {
  /** How far the clock is ahead, milliseconds. */
  readonly clockOffset: number;
  /** Broken providers, by name. */
  readonly broken: Readonly<Record<string, Fault>>;
}
