import { type Hook, hookSchema } from "../../domain/Hook.ts";
import { hookItem } from "../../store/keys.ts";
import { readRows } from "../readRows.ts";
import { lookAtReplies } from "./lookAtReplies.ts";
import type { HookTarget, Operation, Tools } from "./Operation.ts";

/** The most of a canary: its row names each, and one read takes them all. */
export const MOST_CANARY = 100;

/** For how long the outcome of a canary is waited for once all of it was tried, milliseconds: a delivery takes 45 s at the most, and may wait. */
const PATIENCE = 120_000;

/** Between two looks, milliseconds. */
const PAUSE = 500;

/**
 * What came of a canary so far; `waiting`: how many have no outcome yet, `accepted`: how many of these their providers have
 * taken, and work on.
 */
export type Outcome =
  | { readonly passed: true }
  | { readonly passed: false; readonly reason: string }
  | { readonly waiting: number; readonly accepted?: number };

/**
 * Waits for what comes of those that were tried first, the last of them just now.
 *
 * @param tried when the first of them was, milliseconds since the epoch, and which
 * @param look is called between two looks; false ends the waiting
 * @returns undefined when `look` ended it
 */
export async function awaitCanary(
  tools: Pick<Tools, "services">,
  { at, targets }: NonNullable<Operation["tried"]>,
  look: () => Promise<boolean>,
): Promise<Exclude<Outcome, { readonly waiting: number }> | undefined> {
  const { clock } = tools.services;
  const hooks = targets.filter((target) => "provider" in target);
  const replies = targets.filter((target) => "turn" in target);
  const until = clock.now() + PATIENCE;
  for (;;) {
    const outcome = replies.length > 0 ? await lookAtReplies(tools, replies) : await lookAtHooks(tools, hooks, at);
    if (!("waiting" in outcome)) return outcome;
    if (clock.now() > until) {
      // A provider may work for hours on what it has taken; it does take them.
      if (outcome.waiting === outcome.accepted) return { passed: true };
      const reason = `${outcome.waiting} of ${targets.length} have no outcome after ${PATIENCE / 1000} s`;
      return { passed: false, reason };
    }
    if (!(await look())) return undefined;
    await clock.until(clock.now() + PAUSE);
  }
}

async function lookAtHooks(
  { services }: Pick<Tools, "services">,
  targets: readonly HookTarget[],
  at: number,
): Promise<Outcome> {
  const keys = targets.map(({ session, provider }) => hookItem(session, provider));
  const { rows } = await readRows(services, keys, hookSchema);
  const failed = rows.find((hook) => hasFailed(hook, at));
  if (failed) return { passed: false, reason: reasonOf(failed) };
  const waiting = rows.filter(({ status }) => status === "pending");
  if (waiting.length === 0) return { passed: true };
  return { waiting: waiting.length, accepted: waiting.filter(({ accepted }) => accepted).length };
}

function hasFailed({ status, failures }: Hook, at: number): boolean {
  return status === "dead" || (status === "pending" && (failures.at(-1)?.at ?? 0) >= at);
}

function reasonOf({ session, provider, failures }: Hook): string {
  const { kind, status, message } = failures.at(-1) ?? { kind: "", status: undefined, message: "dead" };
  return `${session} at ${provider} failed again: ${[kind, status, message].filter(Boolean).join(" ")}`;
}
