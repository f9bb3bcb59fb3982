import type { Patience } from "./Toolbox.ts";

/**
 * A model that makes vectors of texts: those of texts that mean something alike point in a like direction, whatever their
 * words and languages.
 */
export interface Embeddings {
  /** Names the model and whatever else its vectors depend on: only vectors of one space can be compared. */
  readonly space: string;
  /**
   * The texts' vectors, in order, each as `packVector` makes it. Once; no retries of its own.
   *
   * @param texts each with words in it
   * @throws DeliveryError of the kinds that a `Model` throws
   */
  embed(texts: readonly string[], patience: Patience): Promise<readonly Uint8Array[]>;
}
