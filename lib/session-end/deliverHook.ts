import { DeliveryError } from "../adapter/errors.ts";
import { BODY_HEAD } from "../adapter/http/responseError.ts";
import { truncate } from "../adapter/text/truncate.ts";
import { type Breaker, deferredUntil } from "../domain/Breaker.ts";
import type { Hook, HookAttempt } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import { mustDefer, retryAt } from "../domain/hookSchedule.ts";
import { deliveryKey } from "../domain/ids.ts";
import { VesperError } from "../domain/VesperError.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import { withTimeout } from "../runtime/async.ts";
import { describeError } from "../runtime/jsonLogger.ts";
import type { Queue, Services } from "../services/Services.ts";
import { noteAnswer, noteFailure, readBreaker, winProbe } from "../store/breakers.ts";
import {
  type DeferOutcome,
  deferHook,
  type LeaseOutcome,
  leaseHook,
  recordCheckpoint,
  recordDelivered,
  recordFailure,
  reviveHook,
} from "../store/hooks.ts";
import { hookItem } from "../store/keys.ts";
import { tableForProvider } from "../store/memories.ts";
import { loadEndedSession } from "./loadEndedSession.ts";
import { type StoredReceipt, toStoredReceipt } from "./toStoredReceipt.ts";

/** What becomes of the job. */
export type DeliveryOutcome =
  /** It has done its work, there is none left for it, or its hook is deferred: off the queue. */
  | { readonly outcome: "done" }
  /** Back to the queue until `at` (milliseconds since the epoch). */
  | { readonly outcome: "later"; readonly at: number };

/** How far the clocks of two invocations may lie apart. */
const CLOCK_SKEW = 2_000;

/**
 * Works one job: lease, load, check, call the provider, record. Safe to repeat at any point and beside itself. A hook is
 * delivered by the provider's acknowledgement alone; every failure ends in a later attempt, or in a dead row and a
 * message on the dead-letter queue. While the provider's breaker is open the hook is deferred, but for the probe's.
 *
 * @param deadline when the function is cut off, milliseconds since the epoch
 */
export async function deliverHook(
  services: Services,
  dlq: Queue,
  job: HookJob,
  deadline: number,
): Promise<DeliveryOutcome> {
  const breaker = await readBreaker(services, job.provider);
  const wait = await mustWait(services, breaker, job);
  const take = () => (wait ? defer(services, job, wait) : leaseHook(services, job, deadline + CLOCK_SKEW));
  const first = await take();
  const revived = first.outcome === "refused" && (await isRevived(services, job, first.hook));
  const taken = revived ? await take() : first;
  if (taken.outcome === "refused") return refuse(services, dlq, job, taken.hook);
  if (taken.outcome === "deferred") return { outcome: "done" };
  const leased = { ...taken, breaker };
  return leased.crashed
    ? fail(services, dlq, job, leased, new AttemptCrashed(leased.hook.attempts - 1))
    : attempt(services, dlq, job, leased);
}

type Leased = Extract<LeaseOutcome, { readonly outcome: "leased" }> & {
  /** The provider's, as it was read before. */
  readonly breaker: Breaker | undefined;
};

/** Whether the breaker is open and another job is the probe: now, and until when the hook waits then. */
async function mustWait({ table, clock }: Services, breaker: Breaker | undefined, job: HookJob) {
  const now = clock.now();
  if (breaker?.status !== "open" || (await winProbe(table, breaker, now))) return undefined;
  return { now, until: deferredUntil(breaker, job.session, now) };
}

async function defer(
  { table, log }: Services,
  { session, provider }: HookJob,
  wait: { readonly now: number; readonly until: number },
): Promise<DeferOutcome> {
  const deferred = await deferHook(table, hookItem(session, provider), wait);
  if (deferred.outcome === "deferred") log.info("hook.deferred", { session, provider, until: wait.until });
  return deferred;
}

/** A job that an operator moved back from the dead-letter queue revives the death that put it there. */
async function isRevived(services: Services, job: HookJob, hook: Hook | undefined): Promise<boolean> {
  if (hook?.status !== "dead" || job.deadAt === undefined) return false;
  return reviveHook(services, job, job.deadAt);
}

async function refuse(
  { log, clock }: Services,
  dlq: Queue,
  job: HookJob,
  hook: Hook | undefined,
): Promise<DeliveryOutcome> {
  if (!hook) {
    log.error("hook.gone", new Error("a job came whose hook row is gone"), { session: job.session });
    return { outcome: "done" };
  }
  if (hook.status === "pending") {
    const at = Math.max(hook.nextAttemptAt, hook.lease?.until ?? 0);
    // The sweep enqueues it in time. It may just have done so, by a clock that is ahead: then this is that job.
    return hook.isDeferred && at > clock.now() + CLOCK_SKEW ? { outcome: "done" } : { outcome: "later", at };
  }
  // The worker that recorded the death may have crashed before it could report it.
  if (hook.status === "dead" && hook.deadAt !== undefined && job.deadAt !== hook.deadAt) {
    await enqueueHooks(dlq, [{ ...job, deadAt: hook.deadAt }]);
  }
  return { outcome: "done" };
}

async function attempt(services: Services, dlq: Queue, job: HookJob, leased: Leased): Promise<DeliveryOutcome> {
  const { clock, log, metrics, table } = services;
  const { hook, lease } = leased;
  const by = { Provider: job.provider };
  const startedAt = clock.now();
  try {
    const receipt = await callProvider(services, job, hook, lease);
    metrics.put("ProviderLatency", clock.now() - startedAt, "Milliseconds", by);
    await recordDelivered(table, hook, receipt, clock.now());
    metrics.put("HookDelivered", 1, "Count", by);
    log.info("hook.delivered", { ...aboutOf(hook), took: clock.now() - startedAt });
  } catch (error) {
    if (!(error instanceof VesperError)) throw error;
    return fail(services, dlq, job, leased, error, startedAt);
  }
  await noteAnswer(services, leased.breaker);
  return { outcome: "done" };
}

/** Records a failed attempt and says what becomes of the job: another attempt later, or a dead row and a DLQ message. */
async function fail(
  services: Services,
  dlq: Queue,
  job: HookJob,
  { hook: leased, lease, crashed, breaker }: Leased,
  error: VesperError,
  startedAt = services.clock.now(),
): Promise<DeliveryOutcome> {
  const { clock, log, metrics, table, config } = services;
  // The lease that found a crash is no attempt of its own.
  const hook = crashed ? { ...leased, attempts: leased.attempts - 1 } : leased;
  const now = clock.now();
  const failure = describe(services, error, startedAt, now);
  const retryAfter = error instanceof DeliveryError ? error.retryAfter : undefined;
  const isFinal = !error.retry || mustPark(services, job, error);
  const again = isFinal ? undefined : retryAt(config.hooks.retry, hook.attempts, now, retryAfter);
  log.error(again === undefined ? "hook.dead" : "hook.failed", error, { ...aboutOf(hook), kind: failure.kind });
  metrics.put(again === undefined ? "HookDead" : "HookFailed", 1, "Count", { Provider: job.provider });
  // The sweep tells the age of the oldest that it meets; a hook that fails is met by it later, or not at all.
  metrics.put("OldestUnfinishedHookAge", (now - hook.createdAt) / 1000, "Seconds");
  const next = again === undefined ? { deadAt: now } : { retryAt: again };
  const isRecorded = await recordFailure(table, hook, lease, failure, next);
  await noteFailure(services, job.provider, breaker, error, failure);
  // The other worker's word counts: the row says what is next.
  if (!isRecorded) return { outcome: "later", at: now };
  if (again !== undefined) return mustDefer(again - now) ? { outcome: "done" } : { outcome: "later", at: again };
  await enqueueHooks(dlq, [{ ...job, deadAt: now }]);
  return { outcome: "done" };
}

/** Whether the provider may have taken the session, could take it twice, and is not to be asked again by itself. */
function mustPark({ config, provider }: Services, job: HookJob, error: VesperError): boolean {
  if (config.hooks.unknown !== "park" || provider(job.provider)?.capabilities.idempotency !== "none") return false;
  return error instanceof AttemptCrashed || (error instanceof DeliveryError && error.outcome === "unknown");
}

function aboutOf({ session, provider, attempts }: Hook) {
  return { session, provider, attempt: attempts };
}

async function callProvider(services: Services, job: HookJob, hook: Hook, lease: string): Promise<StoredReceipt> {
  const { config, table } = services;
  const provider = services.provider(job.provider);
  if (!provider) {
    const options = { outcome: "not-sent" } as const;
    throw new DeliveryError("invalid", unconfigured(job.provider, Object.keys(config.memory)), options);
  }
  const { session, cleaned } = await loadEndedSession(services, job);
  const { timeout } = config.hooks;
  const late = new DeliveryError("timeout", `${job.provider} did not answer within ${timeout} ms`);
  const receipt = await withTimeout(timeout, late, async (signal) => {
    try {
      return await provider.onSessionEnd(session, {
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
  return toStoredReceipt(services, receipt, cleaned);
}

function describe({ redact }: Services, error: VesperError, startedAt: number, now: number): HookAttempt {
  const delivery = error instanceof DeliveryError ? error : undefined;
  return {
    at: startedAt,
    took: now - startedAt,
    kind: delivery?.kind ?? error.name,
    ...(delivery?.status === undefined ? {} : { status: delivery.status }),
    message: truncate(redact(error.message), 500),
    ...(delivery?.body ? { body: truncate(redact(delivery.body), BODY_HEAD) } : {}),
  };
}

function unconfigured(given: string, configured: readonly string[]): string {
  return `provider "${given}" is not in the config, which has ${configured.join(", ") || "none"}; put it back and redrive`;
}

/** An attempt ended without a word: its function crashed, was cut off, or could not write down what came of it. */
class AttemptCrashed extends VesperError {
  override readonly name = "AttemptCrashed";
  readonly retry = true;
  constructor(attempt: number) {
    super(`attempt ${attempt} crashed, ran out of time, or could not be recorded; see the function's log`);
  }
}

/** A provider threw something that is not Vesper's: a programming error. No retry mends it; it is shown at once. */
export class ProviderBug extends VesperError {
  override readonly name = "ProviderBug";
  readonly retry = false;
  constructor(provider: string, cause: unknown) {
    super(`${provider} threw ${describeError(cause)}`, { cause });
  }
}
