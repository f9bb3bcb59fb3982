/** What a memory provider is used for; each is another function's work. */
export type MemoryUse = "recall" | "session-end";

/** What an adapter may do in AWS. */
export interface Grant {
  /** Such as `bedrock:InvokeModel`. */
  readonly actions: readonly string[];
  readonly resources: readonly AwsResource[];
  /** The only use of a memory provider that needs it; the function of the other is not granted it. @default both */
  readonly only?: MemoryUse;
}

/** The parts of an ARN that the adapter knows; the others are the stack's own. */
export interface AwsResource {
  /** Such as `bedrock`. */
  readonly service: string;
  /** What follows the account: a type and a name, such as `memory/m-1`. */
  readonly resource: string;
  /** @default the stack's; "*" for one that AWS chooses */
  readonly region?: string;
  /** @default the stack's; "" where the resource is AWS's own */
  readonly account?: string;
}
