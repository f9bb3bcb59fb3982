import type { Hook } from "../../domain/Hook.ts";
import { type ErrorGroup, groupErrors } from "../listGroups.ts";
import type { UnreadRow } from "../readRows.ts";
import { scanScope } from "./batches.ts";
import type { Scope, Tools } from "./Operation.ts";
import { replayBatches } from "./replayBatches.ts";

/** Hooks a second that the table and the queue take of one operator's machine, beside everything else; a cautious number. */
const PACE = 200;

/** Sessions that a plan of a replay looks into together. */
const PAGE = 400;

/** What a bulk action would do. Nothing has changed. Times in milliseconds since the epoch. */
export interface Plan {
  readonly scope: Scope;
  /** Hooks that it would act on. */
  readonly count: number;
  /** When the first and the last of them died, or was sealed; undefined when there are none. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** How many of them each provider has, by name. */
  readonly providers: Readonly<Record<string, number>>;
  /** Their last errors, the largest group first. */
  readonly groups: readonly ErrorGroup[];
  /** Of a replay: how many sessions are left out, by why. */
  readonly skipped: Readonly<Record<string, number>>;
  /** How long it would take, about. */
  readonly seconds: number;
  /** Rows that could not be read. They are left as they are. */
  readonly unread: readonly UnreadRow[];
}

/** Says what a bulk action would do. @param rate the most hooks a second. @throws FilterError, CommandFailed */
export async function planOperation(tools: Tools, scope: Scope, rate?: number): Promise<Plan> {
  const groups = groupErrors();
  const providers = new Map<string, number>();
  const skipped = new Map<string, number>();
  const unread: UnreadRow[] = [];
  const times: [oldest: number, newest: number] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let count = 0;
  const add = (hooks: readonly Hook[]) => {
    count += hooks.length;
    groups.add(hooks);
    for (const { provider, deadAt, createdAt } of hooks) {
      providers.set(provider, (providers.get(provider) ?? 0) + 1);
      times[0] = Math.min(times[0], deadAt ?? createdAt);
      times[1] = Math.max(times[1], deadAt ?? createdAt);
    }
  };
  const { verb } = scope;
  if (verb === "replay") {
    for await (const batch of replayBatches(tools, scope, { page: PAGE })) {
      add(batch.hooks);
      for (const [why, number] of Object.entries(batch.skipped)) skipped.set(why, (skipped.get(why) ?? 0) + number);
    }
  } else {
    for await (const batch of scanScope(tools.services, { ...scope, verb })) {
      add(batch.hooks);
      unread.push(...batch.unread);
    }
  }
  const known = count > 0 ? times : [undefined, undefined];
  return {
    ...{ scope, count, oldest: known[0], newest: known[1], unread },
    providers: Object.fromEntries([...providers].sort(([a], [b]) => (a < b ? -1 : 1))),
    groups: groups.list(),
    skipped: Object.fromEntries(skipped),
    seconds: Math.ceil(count / Math.min(rate ?? PACE, PACE)),
  };
}
