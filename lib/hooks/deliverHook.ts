import type { Receipt } from "../memory/MemoryProvider.ts";
import { clip } from "../runtime/clip.ts";
import { DeliveryError } from "../runtime/DeliveryError.ts";
import { hookItem } from "../runtime/keys.ts";
import { BODY_HEAD } from "../runtime/responseError.ts";
import type { Queue, Services } from "../runtime/Services.ts";
import { tableForProvider } from "../runtime/tableForProvider.ts";
import { VesperError } from "../runtime/VesperError.ts";
import { withTimeout } from "../runtime/withTimeout.ts";
import type { Breaker } from "./Breaker.ts";
import { noteAnswer, noteFailure, readBreaker, winProbe } from "./breakers.ts";
import { type DeferOutcome, deferHook } from "./deferHook.ts";
import { deferredUntil } from "./deferredUntil.ts";
import { deliveryKey } from "./deliveryKey.ts";
import { enqueueHooks } from "./enqueueHooks.ts";
import type { Hook, HookAttempt } from "./Hook.ts";
import type { HookJob } from "./HookJob.ts";
import { isShelved } from "./isShelved.ts";
import { type LeaseOutcome, leaseHook } from "./leaseHook.ts";
import { loadEndedSession } from "./loadEndedSession.ts";
import { ProviderBug } from "./ProviderBug.ts";
import { parseReceipt } from "./parseReceipt.ts";
import { recordCheckpoint } from "./recordCheckpoint.ts";
import { recordDelivered } from "./recordDelivered.ts";
import { recordFailure } from "./recordFailure.ts";
import { retryAt } from "./retryAt.ts";
import { reviveHook } from "./reviveHook.ts";

/** What becomes of the job. */
export type DeliveryOutcome =
  /** It has done its work, there is none left for it, or its hook is shelved: off the queue. */
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
  deadLetters: Queue,
  job: HookJob,
  deadline: number,
): Promise<DeliveryOutcome> {
  const breaker = await readBreaker(services, job.provider);
  const wait = await mustWait(services, breaker, job);
  const take = () => (wait ? defer(services, job, wait) : leaseHook(services, job, deadline + CLOCK_SKEW));
  const first = await take();
  const revived = first.outcome === "refused" && (await isRevived(services, job, first.hook));
  const taken = revived ? await take() : first;
  if (taken.outcome === "refused") return refuse(services, deadLetters, job, taken.hook);
  if (taken.outcome === "deferred") return { outcome: "done" };
  const leased = { ...taken, breaker };
  return leased.crashed
    ? fail(services, deadLetters, job, leased, new AttemptCrashed(leased.hook.attempts - 1))
    : attempt(services, deadLetters, job, leased);
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
  { log }: Services,
  deadLetters: Queue,
  job: HookJob,
  hook: Hook | undefined,
): Promise<DeliveryOutcome> {
  if (!hook) {
    log.error("hook.gone", new Error("a job came whose hook row is gone"), { session: job.session });
    return { outcome: "done" };
  }
  if (hook.status === "pending") {
    if (hook.shelved) return { outcome: "done" };
    return { outcome: "later", at: Math.max(hook.nextAttemptAt, hook.lease?.until ?? 0) };
  }
  // The worker that recorded the death may have crashed before it could report it.
  if (hook.status === "dead" && hook.deadAt !== undefined && job.deadAt !== hook.deadAt) {
    await enqueueHooks(deadLetters, [{ ...job, deadAt: hook.deadAt }]);
  }
  return { outcome: "done" };
}

async function attempt(services: Services, deadLetters: Queue, job: HookJob, leased: Leased): Promise<DeliveryOutcome> {
  const { clock, log, metrics, table } = services;
  const { hook, lease } = leased;
  const by = { Provider: job.provider };
  const startedAt = clock.now();
  try {
    const receipt = toStored(services, await callProvider(services, job, hook, lease));
    metrics.put("ProviderLatency", clock.now() - startedAt, "Milliseconds", by);
    await recordDelivered(table, hook, receipt, clock.now());
    metrics.put("HookDelivered", 1, "Count", by);
    log.info("hook.delivered", { ...aboutOf(hook), took: clock.now() - startedAt });
  } catch (error) {
    if (!(error instanceof VesperError)) throw error;
    return fail(services, deadLetters, job, leased, error, startedAt);
  }
  await noteAnswer(services, leased.breaker);
  return { outcome: "done" };
}

/** Records a failed attempt and says what becomes of the job: another attempt later, or a dead row and a dead letter. */
async function fail(
  services: Services,
  deadLetters: Queue,
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
  const again = error.retry ? retryAt(config.hooks.retry, hook.attempts, now, retryAfter) : undefined;
  log.error(again === undefined ? "hook.dead" : "hook.failed", error, { ...aboutOf(hook), kind: failure.kind });
  metrics.put(again === undefined ? "HookDead" : "HookFailed", 1, "Count", { Provider: job.provider });
  // The sweep tells the age of the oldest that it meets; a hook that fails is met by it later, or not at all.
  metrics.put("OldestUnfinishedHookAge", (now - hook.createdAt) / 1000, "Seconds");
  const next = again === undefined ? { deadAt: now } : { retryAt: again };
  const isRecorded = await recordFailure(table, hook, lease, failure, next);
  await noteFailure(services, job.provider, breaker, error, failure);
  // The other worker's word counts: the row says what is next.
  if (!isRecorded) return { outcome: "later", at: now };
  if (again !== undefined) return isShelved(again - now) ? { outcome: "done" } : { outcome: "later", at: again };
  await enqueueHooks(deadLetters, [{ ...job, deadAt: now }]);
  return { outcome: "done" };
}

function aboutOf({ session, provider, attempts }: Hook) {
  return { session, provider, attempt: attempts };
}

/** Of the provider's words only the head, and none of our secrets, is kept. */
function toStored({ scrub }: Services, receipt: Receipt): Receipt {
  const { id, status, body } = parseReceipt(receipt);
  return {
    ...(id === undefined ? {} : { id: clip(scrub(id), BODY_HEAD) }),
    ...(status === undefined ? {} : { status }),
    ...(body === undefined ? {} : { body: clip(scrub(body), BODY_HEAD) }),
  };
}

async function callProvider(services: Services, job: HookJob, hook: Hook, lease: string): Promise<Receipt> {
  const { config, table } = services;
  const provider = services.provider(job.provider);
  if (!provider) {
    const options = { outcome: "not-sent" } as const;
    throw new DeliveryError("invalid", unconfigured(job.provider, Object.keys(config.memory)), options);
  }
  const session = await loadEndedSession(services, job);
  const { timeout } = config.hooks;
  const late = new DeliveryError("timeout", `${job.provider} did not answer within ${timeout} ms`);
  return withTimeout(timeout, late, async (signal) => {
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
}

function describe({ scrub }: Services, error: VesperError, startedAt: number, now: number): HookAttempt {
  const delivery = error instanceof DeliveryError ? error : undefined;
  return {
    at: startedAt,
    took: now - startedAt,
    kind: delivery?.kind ?? error.name,
    ...(delivery?.status === undefined ? {} : { status: delivery.status }),
    message: clip(scrub(error.message), 500),
    ...(delivery?.body ? { body: clip(scrub(delivery.body), BODY_HEAD) } : {}),
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
