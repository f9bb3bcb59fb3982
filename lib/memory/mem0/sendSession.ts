import * as v from "valibot";
import type { EndedSession, ProviderCall, Receipt } from "../../adapter/MemoryProvider.ts";
import { type Addition, additionsOf } from "./additionsOf.ts";
import type { Mem0Api } from "./Mem0Api.ts";

/** How much sooner than the gateway a delivery gives up, milliseconds; of a short time limit a quarter. */
const MARGIN = 500;

/** The keys of the additions that were acknowledged. That it stands there says that an attempt has begun. */
const checkpointSchema = v.object({ done: v.array(v.string()) });

/**
 * Adds what a session holds for each of its users, one call after the other. On a repeated delivery each is looked for
 * before it is added.
 */
export async function sendSession(api: Mem0Api, session: EndedSession, call: ProviderCall): Promise<Receipt> {
  const { deliveryKey, attempt, checkpoint, saveCheckpoint, timeout } = call;
  // Ours ends first: its error says how long the service may still be at work, and the gateway's own does not.
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(timeout - Math.min(MARGIN, timeout / 4))]);
  const additions = additionsOf(session, deliveryKey);
  const stored = v.safeParse(checkpointSchema, checkpoint);
  const isRepeated = attempt > 1 || stored.success;
  const acknowledged = new Set(stored.success ? stored.output.done : []);
  // Others are of parts that were cut elsewhere, as words were cleaned in another way or erased since.
  const done = new Set(additions.flatMap(({ key }) => (acknowledged.has(key) ? key : [])));
  const ids: string[] = [];
  if (!stored.success && additions.length > 0) await saveCheckpoint({ done: [] });
  for (const addition of additions) {
    if (done.has(addition.key)) continue;
    const isThere = isRepeated && (await api.has(addition, { timeout, signal }));
    const id = isThere ? undefined : await api.add(addition, { timeout, signal });
    if (id !== undefined) ids.push(id);
    done.add(addition.key);
    // The end of the hook is the note of the last one.
    if (done.size < additions.length) await saveCheckpoint({ done: [...done] });
  }
  return { ...(ids[0] === undefined ? {} : { id: ids[0] }), body: describeAdditions(session, additions) };
}

function describeAdditions({ messages }: EndedSession, additions: readonly Addition[]): string {
  const users = new Set(additions.map(({ userId }) => userId));
  const pieces = additions.reduce((sum, addition) => sum + addition.messages.length, 0);
  const calls = additions.length <= 1 ? "" : ` in ${additions.length} calls`;
  return `${pieces} messages of ${messages.length}, for ${[...users].join(", ") || "nobody"}${calls}`;
}
