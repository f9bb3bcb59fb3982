import type { Json } from "../domain/json.ts";

/** A tool as a model is told of it. */
export interface ToolSpec {
  /** Letters, digits, "_" and "-", 64 at the most. */
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of what it is called with, which is an object. */
  readonly parameters: { readonly [name: string]: Json };
}

/** A call of a tool, as a model wants it. */
export interface ToolCall {
  /** The model's own, by which it knows the result. */
  readonly id: string;
  readonly name: string;
  /** Not checked: a model has made it up. */
  readonly input: { readonly [name: string]: Json };
}

/** What came of a call, in words. */
export interface ToolResult {
  readonly id: string;
  readonly text: string;
  readonly isError?: true;
}

/** What a model wanted in one answer, and what came of it. */
export interface ToolRound {
  /** What it said beside, which may be nothing. */
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** One for each call. */
  readonly results: readonly ToolResult[];
}

/** How long something may take, milliseconds, and what ends it sooner. */
export interface Patience {
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Tools that an agent may call. */
export interface Toolbox {
  /** Those that there are. Throws `DeliveryError`. */
  list(patience: Patience): Promise<readonly ToolSpec[]>;
  /** Calls one, once. Throws `DeliveryError` when it could not be called; a tool that has failed says so in its result. */
  call(tool: string, input: ToolCall["input"], patience: Patience): Promise<Omit<ToolResult, "id">>;
}
