import * as v from "valibot";
import { DeliveryError } from "../../adapter/errors.ts";
import type { Confirmation, ProviderCall } from "../../adapter/MemoryProvider.ts";
import type { Json } from "../../domain/json.ts";
import type { Mem0Api } from "./Mem0Api.ts";
import type { Checkpoint, Done } from "./sendSession.ts";

/** As the receipt passes it on. */
const acceptedSchema = v.object({
  done: v.array(v.object({ key: v.string(), event: v.exactOptional(v.string()) })),
});

/**
 * Asks for the events of a session's additions. Those that failed, or are not known, are noted, so that they alone are added
 * again when the session is sent again, and without a look for them.
 */
export async function confirmSession(
  eventOf: NonNullable<Mem0Api["eventOf"]>,
  accepted: Json,
  { timeout, signal, saveCheckpoint }: ProviderCall,
): Promise<Confirmation> {
  const done: Done[] = [];
  const failures: { readonly key: string; readonly error: DeliveryError }[] = [];
  for (const one of v.parse(acceptedSchema, accepted).done) {
    const { key, event } = one;
    const { state, error } =
      event === undefined ? { state: "stored" as const } : await eventOf(event, { timeout, signal });
    if (state === "working" && failures.length === 0) return { outcome: "working" };
    if (state === "failed" || state === "lost") failures.push({ key, error: failureOf(event ?? "", state, error) });
    // What is stored is not asked for again.
    else done.push(state === "stored" ? { key } : one);
  }
  const [first] = failures;
  if (!first) return { outcome: "stored", receipt: {} };
  const checkpoint: Checkpoint = { done, failed: failures.map(({ key }) => key) };
  await saveCheckpoint(checkpoint);
  return { outcome: "failed", error: first.error };
}

/** What the service says of the failure may have the user's words in it, so that the ledger alone has that. */
function failureOf(event: string, state: "failed" | "lost", body: string | undefined): DeliveryError {
  const message = `the event ${event} ${state === "failed" ? "has failed" : "is not known there"}`;
  return new DeliveryError("transient", message, { outcome: "rejected", ...(body ? { body } : {}) });
}
