import { type Breaker, deferredUntil } from "../domain/Breaker.ts";
import type { Hook } from "../domain/Hook.ts";
import { overdueAt } from "../domain/hookSchedule.ts";
import type { CoreServices } from "../services/Services.ts";
import { readBreaker } from "../store/breakers.ts";
import { deferHook } from "../store/hookWaits.ts";
import { type ItemKey, keyTail } from "../store/keys.ts";

/**
 * What one sweep does with hooks whose provider's breaker is open: they are put off by one write each, without a job, but
 * for one when a probe is due. Each breaker is read once. Answers a function that takes a hook's key and what a visit to
 * it is otherwise.
 */
export function breakerVisits(services: Pick<CoreServices, "table" | "clock" | "config" | "metrics">) {
  const { table, clock, metrics } = services;
  const breakers = new Map<string, Promise<Breaker | undefined>>();
  const probes = new Map<string, Promise<boolean>>();

  const read = async (provider: string): Promise<Breaker | undefined> => {
    const breaker = await readBreaker(services, provider);
    if (breaker?.status === "open") metrics.put("BreakerOpen", 1, "Count", { Provider: provider });
    return breaker;
  };

  /** Makes the visit when no hook of the provider has been enqueued as a probe yet; answers whether it was made. */
  const probe = async (provider: string, visit: () => Promise<Hook | undefined>) => {
    const before = probes.get(provider) ?? Promise.resolve(false);
    let made = false;
    let hook: Hook | undefined;
    const mine = before.then(async (isProbed) => {
      if (isProbed) return true;
      made = true;
      hook = await visit();
      // One that is watched for its age is not due, and so no probe.
      return hook !== undefined && overdueAt(hook) <= clock.now();
    });
    probes.set(
      provider,
      mine.catch(() => false),
    );
    await mine;
    return { made, hook };
  };

  return async (key: ItemKey, visit: () => Promise<Hook | undefined>): Promise<Hook | undefined> => {
    const provider = keyTail(key.sk);
    const reading = breakers.get(provider) ?? read(provider);
    breakers.set(provider, reading);
    const breaker = await reading;
    if (breaker?.status !== "open") return visit();
    if ((breaker.probeAt ?? 0) <= clock.now()) {
      const { made, hook } = await probe(provider, visit);
      if (made) return hook;
    }
    const now = clock.now();
    const until = deferredUntil(breaker, keyTail(key.pk), now);
    const { outcome, hook } = await deferHook(table, key, { now, until });
    return outcome === "deferred" ? hook : visit();
  };
}
