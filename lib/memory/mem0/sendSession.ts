import * as v from "valibot";
import type { EndedSession, ProviderCall, Receipt } from "../../adapter/MemoryProvider.ts";
import type { Json } from "../../domain/json.ts";
import { type Addition, additionsOf } from "./additionsOf.ts";
import type { Mem0Api } from "./Mem0Api.ts";

/** How much sooner than the gateway a delivery gives up, milliseconds; of a short time limit a quarter. */
const MARGIN = 500;

/** An addition that was acknowledged, and its event where the service works on it. */
const doneSchema = v.object({ key: v.string(), event: v.exactOptional(v.string()) });

/** That it stands there says that an attempt has begun. */
const checkpointSchema = v.object({
  done: v.array(doneSchema),
  /** The keys of additions that the service has failed at: what it left of them is not the whole. */
  failed: v.exactOptional(v.array(v.string())),
});

export type Done = v.InferOutput<typeof doneSchema>;

export type Checkpoint = v.InferOutput<typeof checkpointSchema>;

/** What an earlier attempt has left; undefined when none has. */
function readCheckpoint(value: Json | undefined): Checkpoint | undefined {
  const parsed = v.safeParse(checkpointSchema, value);
  return parsed.success ? parsed.output : undefined;
}

/**
 * Adds what a session holds for each of its users, one call after the other. On a repeated delivery each is looked for
 * before it is added, but for one that the service has failed at.
 */
export async function sendSession(api: Mem0Api, session: EndedSession, call: ProviderCall): Promise<Receipt> {
  const { deliveryKey, attempt, checkpoint, saveCheckpoint, timeout } = call;
  // Ours ends first: its error says how long the service may still be at work, and the gateway's own does not.
  const signal = AbortSignal.any([
    call.signal,
    AbortSignal.timeout(Math.ceil(timeout - Math.min(MARGIN, timeout / 4))),
  ]);
  const additions = additionsOf(session, deliveryKey);
  const stored = readCheckpoint(checkpoint);
  const isRepeated = attempt > 1 || stored !== undefined;
  // Others are of parts that were cut elsewhere, as words were cleaned in another way or erased since.
  const known = new Set(additions.map(({ key }) => key));
  const done = new Map((stored?.done ?? []).filter(({ key }) => known.has(key)).map((one) => [one.key, one]));
  const failed = new Set(stored?.failed ?? []);
  const save = () => saveCheckpoint({ done: [...done.values()], ...(failed.size > 0 ? { failed: [...failed] } : {}) });
  const ids: string[] = [];
  if (!stored && additions.length > 0) await save();
  for (const addition of additions) {
    const { key } = addition;
    if (done.has(key)) continue;
    const mustAdd = failed.delete(key);
    // From here on it may be there again, whole.
    if (mustAdd) await save();
    const isThere = isRepeated && !mustAdd && (await api.has(addition, { timeout, signal }));
    const { id, isEvent } = isThere ? { isEvent: false } : await api.add(addition, { timeout, signal });
    if (id !== undefined) ids.push(id);
    done.set(key, { key, ...(isEvent && id !== undefined ? { event: id } : {}) });
    // The end of the hook, or what it takes to ask, is the note of the last one.
    if (done.size < additions.length) await save();
  }
  const body = describeAdditions(session, additions);
  const works = [...done.values()];
  return {
    ...(ids[0] === undefined ? {} : { id: ids[0] }),
    body,
    ...(works.some(({ event }) => event !== undefined) ? { accepted: { done: works } } : {}),
  };
}

function describeAdditions({ messages }: EndedSession, additions: readonly Addition[]): string {
  const users = new Set(additions.map(({ userId }) => userId));
  const pieces = additions.reduce((sum, addition) => sum + addition.messages.length, 0);
  const calls = additions.length <= 1 ? "" : ` in ${additions.length} calls`;
  return `${pieces} messages of ${messages.length}, for ${[...users].join(", ") || "nobody"}${calls}`;
}
