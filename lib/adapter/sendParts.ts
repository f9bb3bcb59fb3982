import * as v from "valibot";
import type { ProviderCall } from "./MemoryProvider.ts";

/** One call's worth of a session. */
export interface Part {
  /** The same on every attempt, as long as the words are, and of no other part. */
  readonly key: string;
}

/** How parts get to a service that knows no key of a call. Both throw `DeliveryError`. */
export interface PartSender<Sent extends Part> {
  /** Whether an earlier attempt has stored the part. */
  has(part: Sent, signal: AbortSignal): Promise<boolean>;
  /** Stores it, and answers the service's own id of it, where it has one. */
  add(part: Sent, signal: AbortSignal): Promise<string | undefined>;
}

/** How much sooner than the gateway a delivery gives up, milliseconds; of a short time limit a quarter. */
const MARGIN = 500;

/** The keys of the parts that were acknowledged. That it stands there says that an attempt has begun. */
const checkpointSchema = v.object({ done: v.array(v.string()) });

/**
 * Sends parts, one after the other, and answers the ids of those that were sent now. Looks for each part before it is sent
 * once more; goes on behind what was acknowledged.
 */
export async function sendParts<Sent extends Part>(
  parts: readonly Sent[],
  { has, add }: PartSender<Sent>,
  { attempt, checkpoint, saveCheckpoint, timeout, signal: over }: ProviderCall,
): Promise<readonly string[]> {
  // Ours ends first: its error says what the service may still do, and the gateway's own does not.
  const signal = AbortSignal.any([over, AbortSignal.timeout(Math.ceil(timeout - Math.min(MARGIN, timeout / 4)))]);
  const stored = v.safeParse(checkpointSchema, checkpoint);
  const isRepeated = attempt > 1 || stored.success;
  const acknowledged = new Set(stored.success ? stored.output.done : []);
  // Others are of parts that were cut elsewhere, as words were cleaned in another way or erased since.
  const done = new Set(parts.flatMap(({ key }) => (acknowledged.has(key) ? key : [])));
  const ids: string[] = [];
  if (!stored.success && parts.length > 0) await saveCheckpoint({ done: [] });
  for (const part of parts) {
    if (done.has(part.key)) continue;
    const isThere = isRepeated && (await has(part, signal));
    const id = isThere ? undefined : await add(part, signal);
    if (id !== undefined) ids.push(id);
    done.add(part.key);
    // The end of the hook is the note of the last one.
    if (done.size < parts.length) await saveCheckpoint({ done: [...done] });
  }
  return ids;
}
