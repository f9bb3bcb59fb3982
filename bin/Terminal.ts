import type { Clock } from "../lib/domain/observability.ts";
import type { Prompt } from "./chat/openPrompt.ts";

/** What the commands have of the machine that they run on. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Writes the result to stdout and ends the line. */
  write(text: string): void;
  /** Writes one line to stderr. */
  warn(line: string): void;
  /** Whether a person reads stdout. */
  readonly isTerminal: boolean;
  /** Whether a person can also answer. */
  readonly isInteractive: boolean;
  /** How many characters a line of stdout has. Only where `isTerminal`. */
  readonly columns?: number;
  /** Shows a line that the next one replaces; an empty one takes it away. Absent: nobody would see it. */
  progress?(line: string): void;
  /** From now on Ctrl-C aborts this, and ends the program only when it comes again. */
  interrupt?(): AbortSignal;
  /** Asks and waits for the line that is typed. Only where `isInteractive`. */
  ask(question: string): Promise<string>;
  /** A prompt that stays, until the input ends. */
  openPrompt?(): Promise<Prompt>;
}
