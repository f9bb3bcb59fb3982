import * as v from "valibot";
import { DeliveryError } from "../adapter/errors.ts";
import type { MemoryProvider, ProviderCall } from "../adapter/MemoryProvider.ts";
import { parse } from "../adapter/schema/parse.ts";
import type { Hook } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import { deliveryKey } from "../domain/ids.ts";
import { isObject, type Json } from "../domain/json.ts";
import { VesperError } from "../domain/VesperError.ts";
import { withTimeout } from "../runtime/async.ts";
import type { Services } from "../services/Services.ts";
import { recordCheckpoint } from "../store/hookAttempts.ts";
import { tableForProvider } from "../store/memories.ts";
import { CannotConfirm, ProviderBug, WrongAcceptance } from "./errors.ts";
import { loadEndedSession } from "./loadEndedSession.ts";
import { type StoredReceipt, toStoredReceipt } from "./toStoredReceipt.ts";

/** What a provider answered. */
export type Answer =
  /** It has the session. */
  | { readonly outcome: "stored"; readonly receipt: StoredReceipt }
  /** It has taken the session and works on it. */
  | { readonly outcome: "accepted"; readonly receipt: StoredReceipt; readonly ticket: string }
  /** It took the session and did not store it: final, or to be sent again, by the error. */
  | { readonly outcome: "failed"; readonly error: VesperError };

/** A hook that a worker has, with the lease that says so. */
interface Held {
  readonly hook: Hook;
  readonly lease: string;
}

/** The most of what an adapter needs to ask, characters: the hook's row holds 400 KB. */
const MOST_TICKET = 100_000;

/** Gives the provider the session. Throws a `VesperError` when it does not take it. */
export async function sendSession(services: Services, job: HookJob, held: Held): Promise<Answer> {
  const provider = providerOf(services, job);
  const { session, cleaned } = await loadEndedSession(services, job);
  const given: unknown = await withinTime(services, job, held, (call) => provider.onSessionEnd(session, call));
  const receipt = toStoredReceipt(services, given, cleaned);
  const accepted = isObject(given) && "accepted" in given ? given.accepted : undefined;
  if (accepted === undefined) return { outcome: "stored", receipt };
  return { outcome: "accepted", receipt, ticket: ticketOf(job.provider, provider, accepted) };
}

function ticketOf(name: string, provider: MemoryProvider, accepted: unknown): string {
  if (!provider.confirm)
    throw new WrongAcceptance(name, "but it has no confirm, which alone could say what became of it");
  const ticket = toJson(accepted);
  if (ticket !== undefined && ticket.length <= MOST_TICKET) return ticket;
  const given = ticket === undefined ? "no JSON" : `JSON of ${ticket.length} characters`;
  throw new WrongAcceptance(name, `by ${given}; allowed is JSON of ${MOST_TICKET} characters at the most`);
}

/** Undefined for what JSON has no words for, such as a function, or a thing that holds itself. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A `variant` would be stricter, and a kilobyte more of the bundle. */
const confirmationSchema = v.object({
  outcome: v.picklist(["working", "stored", "failed"]),
  receipt: v.exactOptional(v.custom<object>(isObject)),
  error: v.exactOptional(v.custom<VesperError>((error) => error instanceof VesperError)),
});

/** Asks the provider what became of the session that it has accepted. Throws a `VesperError` when it can't be asked. */
export async function askProvider(
  services: Services,
  job: HookJob,
  held: Held,
  { ticket }: NonNullable<Hook["accepted"]>,
): Promise<Answer> {
  const provider = providerOf(services, job);
  // The name stands for another adapter by now: nobody can say what became of it.
  if (!provider.confirm) return { outcome: "failed", error: new CannotConfirm(job.provider) };
  const accepted: Json = JSON.parse(ticket);
  const { outcome, receipt, error } = await withinTime(services, job, held, async (call) =>
    parse(confirmationSchema, await provider.confirm?.(accepted, call)),
  );
  const before = held.hook.receipt ?? {};
  if (outcome === "working") return { outcome: "accepted", receipt: before, ticket };
  if (outcome === "failed")
    return { outcome, error: error ?? new ProviderBug(job.provider, "failed without an error") };
  return { outcome, receipt: { ...before, ...toStoredReceipt(services, receipt, { credentials: 0, recited: 0 }) } };
}

function providerOf({ config, provider }: Services, job: HookJob): MemoryProvider {
  const found = provider(job.provider);
  if (found) return found;
  const options = { outcome: "not-sent" } as const;
  throw new DeliveryError("invalid", unconfigured(job.provider, Object.keys(config.memory)), options);
}

/** Calls the adapter, which has as long as the config says. What it throws that is not Vesper's is its bug. */
function withinTime<Result>(
  { config, table }: Services,
  job: HookJob,
  { hook, lease }: Held,
  work: (call: ProviderCall) => Promise<Result>,
): Promise<Result> {
  const { timeout } = config.hooks;
  const late = new DeliveryError("timeout", `${job.provider} did not answer within ${timeout} ms`);
  return withTimeout(timeout, late, async (signal) => {
    try {
      return await work({
        deliveryKey: deliveryKey(config.tenant, job.provider, job.session),
        attempt: hook.attempts,
        timeout,
        signal,
        checkpoint: hook.checkpoint,
        saveCheckpoint: (value) => tableForProvider(() => recordCheckpoint(table, hook, lease, value)),
      });
    } catch (error) {
      throw error instanceof VesperError ? error : new ProviderBug(job.provider, error);
    }
  });
}

function unconfigured(given: string, configured: readonly string[]): string {
  return `provider "${given}" is not in the config, which has ${configured.join(", ") || "none"}; put it back and redrive`;
}
