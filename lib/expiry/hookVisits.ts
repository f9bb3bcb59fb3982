import type { Hook } from "../domain/Hook.ts";
import { overdueAt } from "../domain/hookSchedule.ts";
import { queueDepth } from "../queues/queueDepth.ts";
import { NoSessionEndQueue, queueOf, type SessionEndQueues } from "../queues/sessionEndQueues.ts";
import type { CoreServices, Queue } from "../services/Services.ts";
import { postponeHook } from "../store/hookWaits.ts";
import { type ItemKey, keyTail } from "../store/keys.ts";
import { breakerVisits } from "./breakerVisits.ts";
import { visitHook } from "./visitHook.ts";

/**
 * Jobs that wait from which a queue is long, so that a hook's job may well be among them: 50 deliveries at once of 15 s
 * each take five minutes for so many, which is when hooks become overdue. In a shorter queue no more than these can be
 * enqueued needlessly.
 */
const LONG_QUEUE = 1_000;

/**
 * For how long a hook is put off while its queue is long, milliseconds. An hour: a million of them are then 278 writes a
 * second of the sweep's 362, and a job that was lost after all is an hour later.
 */
const PUT_OFF = 3_600_000;

/** A hook that has been overdue for so long is enqueued again in any case, milliseconds: a queue may stay long for ever. */
const LONGEST_PUT_OFF = 24 * 3_600_000;

/** The visits that one sweep makes to hooks. */
export interface HookVisits {
  /** Looks at a hook that fell due at `at`, milliseconds since the epoch. @throws NewerVersion, NoSessionEndQueue */
  visit(key: ItemKey, at: number): Promise<void>;
  /**
   * Says how old the oldest hook is that was met unfinished, and that it must be met again at `next`, milliseconds since
   * the epoch: so its age is told by each sweep until it is finished. Nothing is said when there was none.
   */
  reportOldest(next: number): Promise<void>;
}

/**
 * Visits hooks: enqueues them again, or puts them off while their provider's queue is long, where their jobs probably are,
 * or while its breaker is open. Each queue is asked once, when the first of its hooks is met. Where no provider is
 * configured each hook is put off, so that sessions behind them end in time, and is an error.
 */
export function hookVisits(services: CoreServices, queues: SessionEndQueues): HookVisits {
  const { table, clock, metrics } = services;
  const isStuck = queues.size === 0;
  const asked = new Map<Queue, Promise<boolean>>();
  const queueIsLong = (provider: string) => {
    const queue = queueOf(queues, provider);
    const answer = asked.get(queue) ?? isLong(services, provider, queue);
    asked.set(queue, answer);
    return answer;
  };
  let oldest: { readonly key: ItemKey; readonly createdAt: number } | undefined;

  const unlessHeld = breakerVisits(services);

  const look = async (key: ItemKey, at: number): Promise<Hook | undefined> => {
    if (!isStuck && !(await queueIsLong(keyTail(key.sk)))) return visitHook(services, queues, key);
    const now = clock.now();
    const hook = await postponeHook(table, key, { from: at, to: now + PUT_OFF });
    // A deferred one has no job among those that wait.
    const mustVisit = !isStuck && hook && (hook.isDeferred || overdueAt(hook) <= now - LONGEST_PUT_OFF);
    return mustVisit ? visitHook(services, queues, key) : hook;
  };

  return {
    async visit(key, at) {
      const hook = await unlessHeld(key, () => look(key, at));
      if (hook && hook.createdAt < (oldest?.createdAt ?? Number.POSITIVE_INFINITY)) {
        oldest = { key, createdAt: hook.createdAt };
      }
      if (hook && isStuck) throw new NoSessionEndQueue(hook.provider);
    },
    async reportOldest(next) {
      if (!oldest) return;
      metrics.put("OldestUnfinishedHookAge", (clock.now() - oldest.createdAt) / 1000, "Seconds");
      await postponeHook(table, oldest.key, { to: next });
    },
  };
}

/** A queue that does not answer counts as short: a job too many does no harm, one too few would. */
async function isLong({ log }: Pick<CoreServices, "log">, provider: string, queue: Queue): Promise<boolean> {
  try {
    const { waiting } = await queueDepth(queue);
    if (waiting > LONG_QUEUE) log.warn("queue.long", { provider, waiting });
    return waiting > LONG_QUEUE;
  } catch (error) {
    log.error("queue.unseen", error, { provider });
    return false;
  }
}
