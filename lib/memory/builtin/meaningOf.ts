import type { Embeddings } from "../../adapter/Embeddings.ts";
import { DeliveryError } from "../../adapter/errors.ts";
import type { RecallQuery } from "../../adapter/MemoryProvider.ts";
import type { Vector } from "../../adapter/MemoryStore.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import type { Logger } from "../../domain/observability.ts";
import { unlessAborted } from "./unlessAborted.ts";

/** As much of a question as tells what it is about, characters: every embedding model takes as many. */
const MOST_ASKED = 2_000;

/** How much of the time of a recall the vector may take: what it leaves is enough to rank by words. */
const SHARE = 0.75;

/**
 * The vector of what a user says. Undefined where it says nothing in words, and where no vector comes in time: then its
 * words tell what it is about, and the log says so.
 */
export async function meaningOf(
  { text, timeout }: RecallQuery,
  embeddings: Embeddings,
  log: Logger,
  signal: AbortSignal,
): Promise<Vector | undefined> {
  const { space } = embeddings;
  const asked = truncate(text, MOST_ASKED);
  if (asked.trim() === "") return undefined;
  const time = Math.floor(timeout * SHARE);
  const late = AbortSignal.timeout(time);
  try {
    // Not for longer, whoever does not listen: a key that is read first, or an adapter of somebody's own.
    const [packed] = await unlessAborted(embeddings.embed([asked], { timeout: time, signal }), late);
    return packed && { space, packed };
  } catch (error) {
    const kind = error instanceof DeliveryError ? error.kind : late.aborted && "timeout";
    if (!kind || signal.aborted) throw error;
    log.warn("recall.by-words", { space, kind });
    return undefined;
  }
}
