import { DeliveryError } from "../adapter/errors.ts";
import { BODY_HEAD } from "../adapter/http/responseError.ts";
import { truncate } from "../adapter/text/truncate.ts";
import { type Breaker, deferredUntil } from "../domain/Breaker.ts";
import type { Hook, HookAttempt } from "../domain/Hook.ts";
import type { HookJob } from "../domain/HookJob.ts";
import { askAt, mustDefer, retryAt } from "../domain/hookSchedule.ts";
import { VesperError } from "../domain/VesperError.ts";
import { enqueueHooks } from "../queues/enqueueHooks.ts";
import type { Queue, Services } from "../services/Services.ts";
import { noteAnswer, noteFailure, readBreaker, winProbe } from "../store/breakers.ts";
import { type LeaseOutcome, leaseHook, recordAccepted, recordDelivered, recordFailure } from "../store/hookAttempts.ts";
import { reviveHook } from "../store/hookOperations.ts";
import { type DeferOutcome, deferHook } from "../store/hookWaits.ts";
import { hookItem } from "../store/keys.ts";
import { type Answer, askProvider, sendSession } from "./callProvider.ts";
import { AttemptCrashed, CannotConfirm, Unconfirmed } from "./errors.ts";

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
 * message on the dead-letter queue. A provider that has only accepted the session is asked later what became of it, by the
 * same job, until it says so. While the provider's breaker is open the hook is deferred, but for the probe's.
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
  if (!leased.crashed) return attempt(services, dlq, job, leased);
  const { accepted, attempts } = leased.hook;
  const what = accepted ? "asking what became of it" : `attempt ${attempts - 1}`;
  return fail(services, dlq, job, leased, new AttemptCrashed(what));
}

type Leased = Extract<LeaseOutcome, { readonly outcome: "leased" }> & {
  /** The provider's, as it was read before. */
  readonly breaker: Breaker | undefined;
  /** The provider has answered, and the failure is not one of its own. */
  readonly answered?: boolean;
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
  const { hook } = leased;
  const by = { Provider: job.provider };
  const startedAt = clock.now();
  let answer: Answer;
  try {
    answer = await (hook.accepted
      ? askProvider(services, job, leased, hook.accepted)
      : sendSession(services, job, leased));
  } catch (error) {
    if (!(error instanceof VesperError)) throw error;
    return fail(services, dlq, job, leased, error, startedAt);
  }
  const took = clock.now() - startedAt;
  if (!hook.accepted && answer.outcome !== "stored") metrics.put("ProviderLatency", took, "Milliseconds", by);
  if (answer.outcome === "failed") return withdraw(services, dlq, job, leased, answer.error, startedAt);
  if (answer.outcome === "accepted") return accept(services, dlq, job, leased, answer, startedAt);
  await recordDelivered(table, hook, answer.receipt, clock.now());
  log.info("hook.delivered", { ...aboutOf(hook), took: clock.now() - startedAt }, [
    ...(hook.accepted ? [] : [{ name: "ProviderLatency", value: took, unit: "Milliseconds", by } as const]),
    { name: "HookDelivered", value: 1, unit: "Count", by },
  ]);
  await noteAnswer(services, leased.breaker);
  return { outcome: "done" };
}

/** The provider works on the session: it is asked again later, but not for ever. */
async function accept(
  services: Services,
  dlq: Queue,
  job: HookJob,
  leased: Leased,
  { receipt, ticket }: Extract<Answer, { readonly outcome: "accepted" }>,
  startedAt: number,
): Promise<DeliveryOutcome> {
  const { clock, log, table } = services;
  const { hook, lease, breaker } = leased;
  const now = clock.now();
  const { accepted: before = { attempts: hook.attempts, ticket }, acceptedAt = now } = hook;
  const next = askAt(acceptedAt, now);
  if (next === undefined) {
    return withdraw(services, dlq, job, leased, new Unconfirmed(job.provider, acceptedAt, receipt.id), startedAt);
  }
  const after = { ...hook, accepted: { ...before, heardAt: now }, acceptedAt, receipt };
  const isRecorded = await recordAccepted(table, after, lease, { now, askAt: next });
  if (!hook.accepted) log.info("hook.accepted", { ...aboutOf(hook), took: now - startedAt });
  await noteAnswer(services, breaker);
  // The other worker's word counts: the row says what is next.
  if (!isRecorded) return { outcome: "later", at: now };
  return mustDefer(next - now) ? { outcome: "done" } : { outcome: "later", at: next };
}

/** What the provider has accepted is not stored: the attempt that it accepted has failed, and may be made again. */
async function withdraw(
  services: Services,
  dlq: Queue,
  job: HookJob,
  leased: Leased,
  error: VesperError,
  startedAt: number,
): Promise<DeliveryOutcome> {
  const { accepted, acceptedAt: _, receipt: __, ...hook } = leased.hook;
  const attempts = accepted?.attempts ?? hook.attempts;
  // It has answered, unless there was nobody to ask: what it says of the session says nothing of itself.
  if (!(error instanceof CannotConfirm)) await noteAnswer(services, leased.breaker);
  return fail(services, dlq, job, { ...leased, hook: { ...hook, attempts }, answered: true }, error, startedAt);
}

/** Records a failed attempt and says what becomes of the job: another attempt later, or a dead row and a DLQ message. */
async function fail(
  services: Services,
  dlq: Queue,
  job: HookJob,
  { hook: leased, lease, crashed, breaker, answered = false }: Leased,
  error: VesperError,
  startedAt = services.clock.now(),
): Promise<DeliveryOutcome> {
  const { clock, log, metrics, table, config } = services;
  // The lease that found a crash is no attempt of its own.
  const hook = crashed ? { ...leased, attempts: leased.attempts - 1 } : leased;
  const now = clock.now();
  const failure = describe(services, error, startedAt, now);
  const retryAfter = error instanceof DeliveryError ? error.retryAfter : undefined;
  const isFinal = !error.retry || (!answered && !hook.accepted && mustPark(services, job, error));
  const again = isFinal ? undefined : retryAt(config.hooks.retry, hook.attempts, now, retryAfter);
  log.error(again === undefined ? "hook.dead" : "hook.failed", error, { ...aboutOf(hook), kind: failure.kind });
  metrics.put(again === undefined ? "HookDead" : "HookFailed", 1, "Count", { Provider: job.provider });
  // The sweep tells the age of the oldest that it meets; a hook that fails is met by it later, or not at all.
  metrics.put("OldestUnfinishedHookAge", (now - hook.createdAt) / 1000, "Seconds");
  const next = again === undefined ? { deadAt: now } : { retryAt: again };
  const isRecorded = await recordFailure(table, hook, lease, failure, next);
  if (!answered) await noteFailure(services, job.provider, breaker, error, failure);
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
