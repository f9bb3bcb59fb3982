import type { ToolCall, ToolRound, ToolSpec } from "./Toolbox.ts";

/** One message to a model, or of it. */
export interface ModelMessage {
  readonly role: "user" | "assistant";
  /** Never blank: some models refuse that. */
  readonly content: string;
}

/** What a model is asked. */
export interface ModelRequest {
  /** What the model is to do, by whoever runs it. Users' words never stand in it but as data. */
  readonly system: string;
  /** Begins and ends with `user`, and alternates. */
  readonly messages: readonly ModelMessage[];
  /** Milliseconds for the whole answer. */
  readonly timeout: number;
  readonly signal: AbortSignal;
  /**
   * Hears all that is written of the answer so far, each time that there is more. What it heard is no answer: one that
   * breaks off, or is held back, throws as ever. Never called by a model that answers in one piece.
   */
  readonly onText?: (textSoFar: string) => void;
  /** What the model may call instead of answering, or beside. */
  readonly tools?: readonly ToolSpec[];
  /** It must call one of the tools, and not answer: what it is asked for is what a tool is called with. @default false */
  readonly mustCall?: boolean;
  /** What it has called since the last message, oldest first, with what came of it. */
  readonly rounds?: readonly ToolRound[];
}

/** What answering has used up, in the model's own tokens. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A model's answer. */
export interface ModelAnswer {
  /** May be empty where tools are called. */
  readonly text: string;
  /** The tools that it wants called before it goes on: at least one. Absent where it is done. */
  readonly calls?: readonly ToolCall[];
  /** The model that answered, by the name that its service tells. */
  readonly model: string;
  /** Absent where the service does not tell. */
  readonly usage?: ModelUsage;
  /** The answer ends early: it was as long as the service allows. */
  readonly isCut?: true;
}

/** A language model. Knows nothing of conversations: agents do. */
export interface Model {
  /**
   * Answers, once. No retries of its own.
   *
   * @throws DeliveryError `throttled` with the service's own wait, `quota` when what is paid for is used up, `auth`,
   *   `invalid` also for a prompt that is too long and for what a content filter refuses, `gone` for a model that is not
   *   there, `transient` and `timeout`
   */
  complete(request: ModelRequest): Promise<ModelAnswer>;
}
