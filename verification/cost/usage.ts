import { assumptions } from "./assumptions.ts";
import { counts, fixtures, type Work } from "./counts.ts";
import type { prices } from "./prices.ts";

/** What happens in a month. */
export interface Load {
  readonly sessions: number;
  /** At least one a session. */
  readonly messages: number;
  /** Memory providers, at least one. */
  readonly providers: number;
  /** What webhooks come in by: a prop of the stack. @default "http-api" */
  readonly door?: "http-api" | "function-url";
}

/** How much of each priced thing a month takes. */
export type Usage = Readonly<Record<keyof typeof prices, number>>;

/** A step and how often it is taken. */
type Step = readonly [Work, number];

/** From what happens to what is billed. Pure. */
export function usage(load: Load): Usage {
  const { sessions, messages, providers, door = "http-api" } = load;
  // A function URL has no price of its own, and no access log.
  const apiCalls = door === "http-api" ? messages : 0;
  const { memory, seconds, stored, minutesPerMonth } = assumptions;
  const visits = sessions * (1 + assumptions.rearmsPerSession);
  const looks = sessions * assumptions.rearmsPerSession * assumptions.looksPerRearm;
  const deliveries = sessions * providers;
  const further = sessions * (providers - 1);
  // A sweep each minute, and a run of retention every ten: one that finds nothing does the same queries.
  const runs = minutesPerMonth * 1.1;
  const steps: readonly Step[] = [
    [counts.accept, messages],
    [counts.turn, messages - sessions],
    [counts.firstTurn, sessions],
    [counts.sweep, runs],
    [counts.goesOn, sessions * assumptions.rearmsPerSession + looks],
    [counts.expire, sessions],
    [counts.seal, sessions],
    [counts.sealFurther, further],
    [counts.deliver, deliveries],
    [counts.purge, sessions],
    [counts.purgeFurther, messages - sessions + further],
  ];
  const total = (of: keyof Work) => steps.reduce((sum, [work, times]) => sum + work[of] * times, 0);
  const moments = messagesOf(visits);
  const sendings = Math.min(moments, minutesPerMonth + moments / 10);
  const invocations = messages * 2 + runs + moments + sessions + deliveries;
  const bytes =
    total("logged") * assumptions.logLine +
    total("metrics") * assumptions.metricLine +
    total("carried") * assumptions.carriedMetric +
    apiCalls * assumptions.accessLine;
  const kept = messages * stored.turn + sessions * stored.session + deliveries * stored.hook;
  const expiry = (visits + looks) * seconds.visit + runs * seconds.sweep + sessions * seconds.seal;
  const busy = Math.min(1, sessions / assumptions.busyFrom);
  return {
    write: total("written"),
    read: total("read"),
    storage: kept / 1e9,
    recovery: kept / 1e9,
    fifo: messages * (counts.accept.sent + assumptions.requestsPerMessage) + assumptions.idlePolls,
    standard:
      sendings +
      moments * assumptions.requestsPerMessage +
      assumptions.idlePolls +
      sessions * counts.seal.sent +
      further * counts.sealFurther.sent +
      deliveries * assumptions.requestsPerMessage +
      providers * assumptions.idlePolls,
    invocation: invocations,
    gbSecond:
      messages * (memory.webhook * seconds.webhook + memory.message * (seconds.message + seconds.agent)) +
      memory.expiry * expiry +
      deliveries * memory.sessionEnd * seconds.deliver,
    apiCall: apiCalls,
    schedule: runs,
    logGb: bytes / 1e9,
    logStorage: bytes / 1e9,
    metric: assumptions.metrics.idle + busy * (assumptions.metrics.busy - assumptions.metrics.idle),
    alarm: fixtures.alarms,
    dashboard: fixtures.dashboards,
    parameter: 0,
  };
}

/** Spans of five seconds a minute: what falls due within one comes in one message. */
const SPANS = 12;

/**
 * Messages a month in which so many visits come, which fall due at any time: as many as there are spans in which one falls
 * due, by a Poisson distribution. A message holds a hundred visits, which matters beyond fifty million a month.
 */
export function messagesOf(visits: number): number {
  const spans = assumptions.minutesPerMonth * SPANS;
  return Math.max(spans * (1 - Math.exp(-visits / spans)), visits / 100);
}
