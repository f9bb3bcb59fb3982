import { type Hook, hookSchema } from "../hooks/Hook.ts";
import { queryHooks } from "../hooks/queryHooks.ts";
import type { Services } from "../runtime/Services.ts";
import { findByState } from "./findByState.ts";
import { hookTime } from "./hookTime.ts";
import { parseRows, type UnreadRow } from "./parseRows.ts";
import { readRows } from "./readRows.ts";

/** Which dead hooks to redrive; all of them when it says nothing. */
export interface RedriveFilter {
  readonly session?: string;
  /** The provider's name in the config. */
  readonly provider?: string;
}

/** What a redrive would do. It goes by this plan alone: hooks that die later are not in it. */
export interface RedrivePlan {
  /** The dead hooks, the longest dead first. */
  readonly hooks: readonly Hook[];
  readonly count: number;
  /** When the first and the last of them died, milliseconds since the epoch; undefined when there are none. */
  readonly oldest: number | undefined;
  readonly newest: number | undefined;
  /** How many of them each provider has, by name. */
  readonly providers: Readonly<Record<string, number>>;
  /** Rows that may be dead hooks, but could not be read: of a newer version, or spoiled. They are left as they are. */
  readonly unread: readonly UnreadRow[];
}

/** Finds the dead hooks that a redrive would send through the queue again. Changes nothing. */
export async function planRedrive(
  services: Pick<Services, "table" | "clock" | "random">,
  { session, provider }: RedriveFilter,
): Promise<RedrivePlan> {
  const accept = ({ sk }: { readonly sk: string }) =>
    provider === undefined ? sk.startsWith("HOOK#") : sk === `HOOK#${provider}`;
  const { rows, unread } =
    session === undefined
      ? await readRows(services, await findByState(services.table, "DEAD", accept), hookSchema)
      : parseRows(hookSchema, await queryHooks(services.table, session));
  const hooks = rows
    .filter((hook) => hook.status === "dead" && (provider === undefined || hook.provider === provider))
    .sort((a, b) => hookTime(a) - hookTime(b));
  const [first] = hooks;
  const last = hooks.at(-1);
  const counts = new Map<string, number>();
  for (const hook of hooks) counts.set(hook.provider, (counts.get(hook.provider) ?? 0) + 1);
  return {
    hooks,
    count: hooks.length,
    oldest: first && hookTime(first),
    newest: last && hookTime(last),
    providers: Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
    unread: unread.filter(accept),
  };
}
