import * as z from "zod/mini";

/** What the runner reads of an `AWS::Lambda::Function`. The code is the source that its metadata name. */
export const functionSpec = z.object({
  Timeout: z._default(z.number(), 3),
  MemorySize: z._default(z.number(), 128),
  Environment: z.optional(z.object({ Variables: z.optional(z.record(z.string(), z.string())) })),
});

/** One of the gateway's functions, ready to be run here. */
export interface LocalFunction {
  /** Short and for people, such as `session-end`. */
  readonly name: string;
  /** Absolute path of its source. */
  readonly entry: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** MB. */
  readonly memory: number;
  /** The whole environment: a thread sees nothing of the runner's. */
  readonly env: Readonly<Record<string, string>>;
}
