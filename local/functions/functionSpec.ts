import * as v from "valibot";

/** What the runner reads of an `AWS::Lambda::Function`. The code is bundled of the source that its metadata name. */
export const functionSpec = v.object({
  Timeout: v.optional(v.number(), 3),
  MemorySize: v.optional(v.number(), 128),
  Environment: v.optional(v.object({ Variables: v.optional(v.record(v.string(), v.string())) })),
});

/** One of the gateway's functions, ready to be run here. */
export interface LocalFunction {
  /** Short and for people, such as `session-end`. */
  readonly name: string;
  /** Absolute path of its bundle. */
  readonly bundle: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** MB. */
  readonly memory: number;
  /** The whole environment: a thread sees nothing of the runner's. */
  readonly env: Readonly<Record<string, string>>;
}
