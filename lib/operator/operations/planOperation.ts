import { queueDepth } from "../../queues/queueDepth.ts";
import { type ErrorGroup, groupErrors } from "../listGroups.ts";
import type { UnreadRow } from "../readRows.ts";
import { nounOf } from "./Batch.ts";
import { batches } from "./batches.ts";
import type { Scope, Tools } from "./Operation.ts";

/** So many a second one operator's machine acts on, on a stack that has much else to do: docs/proof/benchmarks.md. */
const PACE = 500;

/** What a plan reads together: four batches of a hundred rows. */
const PAGE = 400;

/** What a bulk action would do. Nothing has changed. Times in milliseconds since the epoch. */
export interface Plan {
  readonly scope: Scope;
  /** How many it would act on. */
  readonly count: number;
  /** When the first and the last of them died, was sealed, failed or was accepted; undefined when there are none. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** How many hooks each provider has, by name. */
  readonly providers: Readonly<Record<string, number>>;
  /** How many replies or messages each platform has, by name. */
  readonly platforms: Readonly<Record<string, number>>;
  /** Their last errors, the largest group first. */
  readonly groups: readonly ErrorGroup[];
  /** Of a replay: how many sessions are left out, by why. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Messages that SQS does not show behind the first ten of their conversation, and that are acted on, too. */
  readonly hidden: number;
  /** How long it would take, about. */
  readonly seconds: number;
  /** Rows that could not be read. They are left as they are. */
  readonly unread: readonly UnreadRow[];
}

/** Says what a bulk action would do. @param rate the most of them a second. @throws FilterError, CommandFailed */
export async function planOperation(tools: Tools, scope: Scope, rate?: number): Promise<Plan> {
  const groups = groupErrors();
  const whose = new Map<string, number>();
  const skipped = new Map<string, number>();
  const unread: UnreadRow[] = [];
  let count = 0;
  let [oldest, newest]: readonly (number | undefined)[] = [];
  for await (const batch of batches(tools, scope, { page: PAGE })) {
    count += batch.targets.length;
    if (scope.verb !== "replay") groups.add(batch.hooks ?? []);
    for (const fact of batch.facts) {
      whose.set(fact.whose, (whose.get(fact.whose) ?? 0) + 1);
      if (fact.at === undefined) continue;
      oldest = Math.min(oldest ?? fact.at, fact.at);
      newest = Math.max(newest ?? fact.at, fact.at);
    }
    for (const [why, number] of Object.entries(batch.skipped ?? {})) skipped.set(why, (skipped.get(why) ?? 0) + number);
    unread.push(...(batch.unread ?? []));
  }
  const counts = Object.fromEntries([...whose].sort(([a], [b]) => (a < b ? -1 : 1)));
  const isOfPlatforms = nounOf(scope.verb) === "reply" || nounOf(scope.verb) === "message";
  return {
    ...{ scope, count, oldest, newest, unread },
    providers: isOfPlatforms ? {} : counts,
    platforms: isOfPlatforms ? counts : {},
    groups: groups.list(),
    skipped: Object.fromEntries(skipped),
    seconds: Math.ceil(count / Math.min(rate ?? PACE, PACE)),
    hidden: nounOf(scope.verb) === "message" ? await hiddenBehind(tools, count, scope) : 0,
  };
}

/** Of a conversation SQS shows ten messages together: a filter may mean those behind them, too. */
async function hiddenBehind({ queues }: Tools, seen: number, { filter }: Scope): Promise<number> {
  const { waiting, inFlight } = await queueDepth(queues.inboundDlq);
  return filter === "" ? Math.max(0, waiting + inFlight - seen) : 0;
}
