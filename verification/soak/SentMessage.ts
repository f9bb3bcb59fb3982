/** A message of the soak's platform, from its first attempt on. */
export interface SentMessage {
  /** The conversation's name, such as `d12`. */
  readonly conversation: string;
  /** Its place in the conversation, from 0. */
  readonly index: number;
  /** Its `webhook-id`. */
  readonly messageId: string;
  /** `reset`: a bare `/reset`. `new`: `/new` with words, which are the first turn of the next session. */
  readonly kind: "text" | "reset" | "new";
  /** The words that a transcript must hold; of a reset none. */
  readonly words: string;
  /** Whether the platform says when it was written; else the gateway's clock gives the order of a transcript. */
  readonly timed: boolean;
  /** Attempts until it was acknowledged. */
  attempts: number;
  acknowledged: boolean;
  /** How often the gateway's clock had been set back when it was first sent, and when it was acknowledged. */
  readonly stepsBefore: number;
  stepsBack: number;
}
