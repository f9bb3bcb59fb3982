import type { Item } from "./aws/Item.ts";
import type { TableChange } from "./aws/ModelTable.ts";
import { isSame as isEqual } from "./aws/plainValue.ts";
import { LONGEST_WRITE } from "./Invocation.ts";

/** Two clocks may differ by so much, milliseconds. */
const SKEW = 2_000;

/** The least between two probes of an open breaker, milliseconds. */
const PROBE_EVERY = 60_000;

/** The longest that a hook is put off behind its provider's breaker, milliseconds. */
const LONGEST_WAIT = 15 * 60_000;

interface Open {
  readonly since: number;
  /** The moments of granted probes whose attempts have not begun. */
  readonly grants: number[];
}

/** Watches the providers' breakers, and the hooks that wait behind them. */
export class Breakers {
  /** The hooks that were ever put off, by session and provider. */
  readonly everDeferred = new Set<string>();
  private readonly deferred = new Set<string>();
  private readonly open = new Map<string, Open>();
  private readonly closedAt = new Map<string, number>();
  private readonly violate: (rule: string, by: string) => void;
  private readonly isConfigured: (provider: string) => boolean;
  private readonly resumption: number;

  /**
   * @param isConfigured whether the config has that provider at the moment
   * @param resumption how long after its provider's return a hook is delivered that waited, milliseconds
   */
  constructor(
    violate: (rule: string, by: string) => void,
    isConfigured: (provider: string) => boolean,
    resumption: number,
  ) {
    this.violate = violate;
    this.isConfigured = isConfigured;
    this.resumption = resumption;
  }

  seeBreaker({ before, after }: TableChange, now: number): void {
    if (!after) return;
    const provider = String(after.provider);
    if (after.status !== "open") {
      if (this.open.delete(provider)) this.closedAt.set(provider, now);
      return;
    }
    const open = this.open.get(provider) ?? { since: now, grants: [] };
    this.open.set(provider, open);
    if (before?.status !== "open" || before.probeAt === after.probeAt) return;
    // An operator has asked for the next one.
    if (Number(after.probeAt) < Number(before.probeAt)) return;
    // By what the row says, as a function that was frozen writes late what it was granted in time.
    const isEarly = Number(after.probeAt) - Number(before.probeAt) < PROBE_EVERY - SKEW;
    if (isEarly || now < Number(before.probeAt) - SKEW)
      this.violate("a dead provider is called once a minute", provider);
    open.grants.push(now);
  }

  seeHook({ before, after }: TableChange, now: number): void {
    if (!before || !after) return;
    const name = `${after.session} ${after.provider}`;
    const provider = String(after.provider);
    if (leaseOf(after) !== undefined && leaseOf(before) !== leaseOf(after)) this.seeAttempt(name, provider, now);
    const isDelivered = after.status === "delivered" && before.status !== "delivered";
    if (isDelivered && this.deferred.has(name) && this.backFor(provider, now) > this.resumption) {
      this.violate("a deferred hook is delivered once its provider is back", name);
    }
    const isSame = ["failures", "redrives", "status", "accepted"].every((key) => isEqual(before[key], after[key]));
    if (!isSame) this.deferred.delete(name);
    if (!isSame || before.nextAttemptAt === after.nextAttemptAt) return;
    // An operator has brought it forward.
    if (Number(after.nextAttemptAt) <= now + SKEW) return void this.deferred.delete(name);
    this.deferred.add(name);
    this.everDeferred.add(name);
    const isKept = before.attempts === after.attempts && Number(after.nextAttemptAt) <= now + LONGEST_WAIT + SKEW;
    if (!isKept) this.violate("a deferred hook keeps its attempts, and comes again soon", name);
  }

  private seeAttempt(name: string, provider: string, now: number): void {
    const open = this.open.get(provider);
    // The hooks of one that is not in the config die at once.
    if (!open || !this.isConfigured(provider)) return;
    while (open.grants[0] !== undefined && open.grants[0] < now - LONGEST_WRITE) open.grants.shift();
    const isProbe = open.grants.shift() !== undefined;
    if (!isProbe && now > open.since + LONGEST_WRITE) this.violate("a dead provider is called once a minute", name);
  }

  /** How long ago the provider was found to be back, milliseconds; 0 while it is taken to be down. */
  private backFor(provider: string, now: number): number {
    const closedAt = this.closedAt.get(provider);
    return closedAt === undefined || this.open.has(provider) ? 0 : now - closedAt;
  }
}

function leaseOf({ lease }: Item): unknown {
  return (lease as { readonly id?: unknown } | undefined)?.id;
}
