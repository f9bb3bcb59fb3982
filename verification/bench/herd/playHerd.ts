import { wiring } from "../../../cdk/wiring.ts";
import type { Item } from "../../simulation/aws/Item.ts";
import { Gateway } from "../../simulation/Gateway.ts";
import { Timeline } from "../../simulation/Timeline.ts";
import { virtualTimers } from "../../simulation/virtualTimers.ts";
import type { Herd } from "./Herd.ts";
import { seed } from "./seed.ts";

/** What came of a herd; times in milliseconds. */
export interface Outcome {
  /** How long after its deadline each session ended, shortest first. */
  readonly late: readonly number[];
  /** When the last session was sealed, after the last deadline. */
  readonly sealed: number;
  /** By provider: when the last hook was delivered, after the last deadline, and how long each waited since its sealing. */
  readonly delivered: ReadonlyMap<string, { readonly last: number; readonly waits: readonly number[] }>;
  /** What is not as it should be; empty: everything is. */
  readonly wrong: readonly string[];
  /** Calls that left the functions, by function and name. */
  readonly calls: ReadonlyMap<string, number>;
  /** Jobs that the sweep enqueued again. */
  readonly enqueuedAgain: number;
  /** Of one job: how often it was handed out at most. */
  readonly mostReceipts: number;
  /** Begun attempts at one delivery at most. */
  readonly mostAttempts: number;
  /** The most jobs on one queue at a minute's end. */
  readonly longestQueue: number;
  /** What playing it took of this machine's CPU. */
  readonly cpu: number;
}

const START = Date.parse("2026-03-02T04:00:00Z");

const MINUTE = 60_000;

/** Jobs from which on a queue is long, so that no more are enqueued again needlessly: lib/expiry/hookVisits.ts */
const LONG_QUEUE = 1_000;

/** After so long it is taken to be stuck. */
const MOST = 24 * 60 * MINUTE;

/** Plays the end of a herd with the gateway's own code in virtual time, until everything is delivered. */
export async function playHerd(herd: Herd): Promise<Outcome> {
  const timeline = new Timeline(START);
  const restore = virtualTimers(timeline);
  try {
    return await play(herd, timeline);
  } finally {
    restore();
  }
}

async function play(herd: Herd, timeline: Timeline): Promise<Outcome> {
  const { sessions, over, providers } = herd;
  const gateway = new Gateway(
    {
      seed: "herd",
      start: START,
      variants: [{ providers, sessions: { default: { idle: "30m" } }, hooks: { timeout: "45s" } }],
      actions: [],
      outages: [],
      rates: {},
      ttl: "off",
      skew: 0,
      // What 1 MB of the index holds.
      pageSize: 6_000,
      chunk: 4_096,
      without: [],
    },
    timeline,
    {
      concurrency: { message: 100, sessionEnd: herd.concurrency },
      callCpu: herd.callCpu,
      provider: [herd.crm, herd.crm],
    },
  );
  const from = START + 30 * MINUTE;
  const end = from + over;
  await seed(gateway, timeline, { count: sessions, from, to: end });
  gateway.calls.clear();

  const late: number[] = [];
  const waits = new Map<string, number[]>(providers.map((name) => [name, []]));
  let sealedAt = 0;
  const deliveredAt = new Map<string, number>();
  gateway.table.onChange(({ sk, before, after }) => {
    if (sk === "LIVE" && before && !after) late.push(timeline.now - Number(before.expiresAt) * 1000);
    if (sk.startsWith("SESSION#") && before?.status === "open" && after?.status === "ended") sealedAt = timeline.now;
    if (sk.startsWith("HOOK#") && before?.status !== "delivered" && after?.status === "delivered") {
      const name = String(after.provider);
      waits.get(name)?.push(timeline.now - Number(after.createdAt));
      deliveredAt.set(name, timeline.now);
    }
  });
  const isDone = () => [...waits.values()].every(({ length }) => length === sessions);
  let longestQueue = 0;
  const before = process.cpuUsage();
  while (!isDone() && timeline.now < end + MOST) {
    await timeline.runUntil(timeline.now + MINUTE);
    longestQueue = Math.max(
      longestQueue,
      ...Array.from(gateway.queues.sessionEnd.values(), (queue) => queue.bodies().length),
    );
  }
  const { user, system } = process.cpuUsage(before);
  // What was enqueued again needlessly is worked off, too.
  await timeline.runUntil(timeline.now + 10 * MINUTE);

  const rows = [...gateway.table.items()];
  const hooks = rows.filter(({ sk }) => String(sk).startsWith("HOOK#"));
  const inOrder = (values: readonly number[]) => values.toSorted((a, b) => a - b);
  return {
    late: inOrder(late),
    sealed: sealedAt - end,
    delivered: new Map(
      [...waits].map(([name, all]) => [name, { last: (deliveredAt.get(name) ?? 0) - end, waits: inOrder(all) }]),
    ),
    wrong: findWrong(herd, gateway, rows, hooks),
    calls: gateway.calls,
    enqueuedAgain: enqueuesOf(hooks),
    mostReceipts: receiptsOf(gateway),
    mostAttempts: attemptsOf(hooks),
    longestQueue,
    cpu: (user + system) / 1000,
  };
}

function receiptsOf({ queues }: Gateway): number {
  return Math.max(...Array.from(queues.sessionEnd.values(), ({ mostReceipts }) => mostReceipts));
}

function enqueuesOf(hooks: readonly Item[]): number {
  return hooks.reduce((sum, { enqueues }) => sum + Number(enqueues), 0);
}

function attemptsOf(hooks: readonly Item[]): number {
  return hooks.reduce((most, { attempts }) => Math.max(most, Number(attempts)), 0);
}

function findWrong(
  { sessions, providers }: Herd,
  gateway: Gateway,
  rows: readonly Item[],
  hooks: readonly Item[],
): readonly string[] {
  const ended = rows.filter(({ status, reason, turns }) => status === "ended" && reason === "idle" && turns === 1);
  const { provider, queues } = gateway;
  const mostReceipts = receiptsOf(gateway);
  const called = providers.includes("crm") ? sessions : 0;
  const expected: readonly (readonly [what: string, found: number, right: number])[] = [
    ["live sessions", rows.filter(({ sk }) => sk === "LIVE").length, 0],
    ["sealed sessions", ended.length, sessions],
    ["delivered hooks", hooks.filter(({ status }) => status === "delivered").length, sessions * providers.length],
    ["calls of the provider", provider.calls.length, called],
    ["sessions at the provider", provider.effects.size, called],
    ["attempts at a delivery", attemptsOf(hooks), 1],
    ["jobs left on the queue", [...queues.sessionEnd.values()].flatMap((queue) => queue.bodies()).length, 0],
    ["dead letters", queues.sessionEndDead.bodies().length, 0],
    ["receipts of a job too many", Math.max(0, mostReceipts - wiring.sessionEnd.maxReceiveCount), 0],
    ["jobs enqueued again beyond a long queue", Math.max(0, enqueuesOf(hooks) - LONG_QUEUE), 0],
  ];
  return expected.flatMap(([what, found, right]) => (found === right ? [] : [`${what}: ${found}, not ${right}`]));
}
