import type { Design } from "./Design.ts";
import { costs, limits, times } from "./limits.ts";
import { rate } from "./simulate.ts";

/** What a gateway keeps up with for ever, when nothing comes in herds. */
export interface Steady {
  /** Sessions that are looked at in time, as the sweep's queue brings them, a second. */
  readonly visits: number;
  /** Sessions that live at once, when each is visited once a day and ends once a day. */
  readonly live: number;
  /** Sessions that are delivered to one provider, a second. */
  readonly deliveries: number;
  /** Sessions that retention deletes, a day. */
  readonly purges: number;
}

/** The rates of a design. Pure. */
export function steady(design: Design): Steady {
  const cpu = design.expiryMemory / limits.memoryOfOneCpu;
  const visits = design.sweeps * costs.batchesASweep * rate(costs.calls.expire, costs.queuedAtOnce, cpu);
  return {
    visits,
    live: (visits * 86_400) / 2,
    deliveries: design.deliveries / (design.provider + costs.deliverSeconds),
    purges: rate(costs.calls.purge, costs.visitsAtOnce, cpu) * times.purgeWorks * (86_400 / times.retention),
  };
}
