import type { Hook } from "../../domain/Hook.ts";
import { jobOf } from "../../domain/HookJob.ts";
import type { Session } from "../../domain/Session.ts";
import { enqueueByProvider } from "../../queues/enqueueHooks.ts";
import { mapConcurrently } from "../../runtime/async.ts";
import { reopenHook } from "../../store/hookOperations.ts";
import { putHook } from "../../store/hooks.ts";
import { newHooks } from "../../store/newHooks.ts";
import { loadHooks } from "../../store/readHooks.ts";
import { loadTurns } from "../../store/turns.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { FilterError } from "../filter/FilterError.ts";
import { overlap } from "../filter/Period.ts";
import { parseSessionFilter } from "../filter/parseFilter.ts";
import { listSessionRows } from "../listSessions.ts";
import { type Batch, type BatchOptions, hookFact, hookTarget } from "./Batch.ts";
import type { ReplayTools, Scope } from "./Operation.ts";

/** Sessions looked into at once: each is two queries. */
const CONCURRENCY = 16;

/** What a replay would do of one session: its hook as it would be, and as it is; or why there is nothing to do. */
type Replay = { readonly fresh: Hook; readonly old?: Hook } | { readonly why: "has it" | NonNullable<Hook["skipped"]> };

/**
 * The sessions that a provider did not get, batch by batch, the oldest first: those without a hook for it and, where that
 * is asked for, those that it has acknowledged. The switch of memory and the reasons to skip hold as when a session is
 * sealed. A hook is made once: the row of another one stands.
 *
 * @throws CommandFailed when no such provider is configured, FilterError, CursorError
 */
export async function* replayBatches(
  tools: ReplayTools,
  scope: Scope,
  { page, cursor }: BatchOptions,
): AsyncGenerator<Batch> {
  const { services, queues } = tools;
  const query = parseSessionFilter(scope.filter, scope.before);
  if (query.status === "open") throw new FilterError("replay is for sessions with status:ended, not open");
  const ended = { ...query, status: "ended" as const, ...overlap(query, { until: scope.before }) };
  let from = cursor;
  do {
    const { rows, next } = await listSessionRows(services, { ...ended, order: "oldest", limit: page, cursor: from });
    const found: Replay[] = [];
    await mapConcurrently(rows, CONCURRENCY, async (session) => void found.push(await lookAt(tools, scope, session)));
    const replays = found.flatMap((one) => ("fresh" in one ? [one] : []));
    yield {
      targets: replays.map(({ fresh }) => hookTarget(fresh)),
      facts: replays.map(({ fresh }) => hookFact(fresh)),
      skipped: countBy(found.flatMap((one) => ("why" in one ? [one.why] : []))),
      async act() {
        const done: Hook[] = [];
        await mapConcurrently(replays, CONCURRENCY, async ({ fresh, old }) => {
          const isDone = old ? await reopenHook(services, old) : await putHook(services.table, fresh);
          if (isDone) done.push(fresh);
        });
        await enqueueByProvider(queues.sessionEnd, done.map(jobOf));
        return done.map(hookTarget);
      },
      ...(next === undefined ? {} : { next }),
    };
    from = next;
  } while (from !== undefined);
}

async function lookAt({ services, config }: ReplayTools, scope: Scope, session: Session): Promise<Replay> {
  const { table, clock } = services;
  const { provider = "", again = false, before } = scope;
  const adapter = config?.memory[provider];
  if (!adapter) {
    const has = Object.keys(config?.memory ?? {}).join(", ") || "none";
    throw new CommandFailed(`no memory provider "${provider}" in the config: it has ${has}`);
  }
  const old = (await loadHooks(table, session.session)).find((hook) => hook.provider === provider);
  // What this replay itself has delivered by now is not delivered once more.
  const isAgain = again && old?.status === "delivered" && (old.deliveredAt ?? before) < before;
  if (old && !isAgain) return { why: "has it" };
  const turns = await loadTurns(table, session.session);
  const [fresh] = newHooks({ memory: { [provider]: adapter } }, session, turns, clock.now());
  if (!fresh) return { why: "no-turns" };
  if (fresh.status === "skipped") return { why: fresh.skipped ?? "no-turns" };
  return old ? { fresh, old } : { fresh };
}

function countBy(texts: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return Object.fromEntries(counts);
}
