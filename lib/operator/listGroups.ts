import type { Hook, HookAttempt } from "../domain/Hook.ts";
import { sha256 } from "../domain/ids.ts";
import type { HookQuery } from "./filter/queries.ts";
import { scanHooks } from "./listHooks.ts";
import type { ReadServices, UnreadRow } from "./readRows.ts";
import { isoTime } from "./views.ts";

/** What differs from one error to the next of the same cause, by what it looks like. The order matters. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  // The query and the fragment of an address.
  [/(\bhttps?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, "$1"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "#"],
  // ULIDs, request ids, keys: long runs with a digit in them.
  [/\b(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,}\b/g, "#"],
  [/\b0x[0-9a-f]+\b/gi, "#"],
  [/\b(?=[a-f]*\d)[0-9a-f]{6,}\b/gi, "#"],
  [/\d+/g, "#"],
];

/** An error's message without what is of this one case alone: numbers, ids, hexadecimals, the queries of addresses. */
export function normaliseError(message: string): string {
  return VARIES.reduce((text, [pattern, put]) => text.replace(pattern, put), message)
    .replace(/\s+/g, " ")
    .trim();
}

/** Names what failures of the same cause have in common: kind, status and normalised message. Eight hexadecimal digits. */
export function errorGroup({ kind, status, message }: Pick<HookAttempt, "kind" | "status" | "message">): string {
  return sha256(JSON.stringify([kind, status ?? null, normaliseError(message)]))
    .toString("hex")
    .slice(0, 8);
}

/** Hooks whose last failure has the same cause. A contract: keys are added, never changed. Times in ISO 8601. */
export interface ErrorGroup {
  /** As `group:` of a filter takes it. */
  readonly group: string;
  readonly kind: string;
  readonly status: number | null;
  /** What their messages have in common; `#` stands for what differs. */
  readonly message: string;
  readonly count: number;
  /** How many of them each provider has, by name. */
  readonly providers: Readonly<Record<string, number>>;
  /** The earliest and the latest such failure that is kept. */
  readonly firstSeen: string | null;
  readonly lastSeen: string | null;
  /** The latest of these hooks, with its failure's own words. */
  readonly example: {
    readonly session: string;
    readonly provider: string;
    readonly message: string;
    readonly body: string | null;
  };
}

/** Groups of errors, the largest first. */
export interface ErrorGroups {
  readonly groups: readonly ErrorGroup[];
  readonly unread: readonly UnreadRow[];
}

interface Gathered {
  hooks: number;
  readonly providers: Map<string, number>;
  first: number;
  last: number;
  example: Hook;
}

/** Groups the hooks of a query by their last failure; those that never failed are in none. */
export async function listGroups(services: ReadServices, query: HookQuery = { status: "dead" }): Promise<ErrorGroups> {
  const groups = groupErrors();
  const unread: UnreadRow[] = [];
  for await (const batch of scanHooks(services, query)) {
    groups.add(batch.hooks);
    unread.push(...batch.unread);
  }
  return { groups: groups.list(), unread };
}

/** Gathers hooks into groups. */
export function groupErrors() {
  const gathered = new Map<string, Gathered>();
  return {
    add(hooks: readonly Hook[]): void {
      for (const hook of hooks) gather(gathered, hook);
    },
    list: (): readonly ErrorGroup[] =>
      [...gathered].map(([group, found]) => groupView(group, found)).sort((a, b) => b.count - a.count),
  };
}

function gather(gathered: Map<string, Gathered>, hook: Hook): void {
  const failure = hook.failures.at(-1);
  if (!failure) return;
  const group = errorGroup(failure);
  const same = hook.failures.filter((one) => errorGroup(one) === group).map(({ at }) => at);
  const found = gathered.get(group) ?? {
    ...{ hooks: 0, providers: new Map(), first: failure.at, last: failure.at, example: hook },
  };
  if (failure.at >= found.last) found.example = hook;
  found.hooks++;
  found.providers.set(hook.provider, (found.providers.get(hook.provider) ?? 0) + 1);
  found.first = Math.min(found.first, ...same);
  found.last = Math.max(found.last, failure.at);
  gathered.set(group, found);
}

function groupView(group: string, { hooks, providers, first, last, example }: Gathered): ErrorGroup {
  const { kind = "", status = null, message = "", body = null } = example.failures.at(-1) ?? {};
  return {
    ...{ group, kind, status, message: normaliseError(message), count: hooks },
    providers: Object.fromEntries([...providers].sort(([a], [b]) => (a < b ? -1 : 1))),
    firstSeen: isoTime(first),
    lastSeen: isoTime(last),
    example: { session: example.session, provider: example.provider, message, body },
  };
}
