import { type Hook, hookSchema } from "../../domain/Hook.ts";
import { hookItem } from "../../store/keys.ts";
import { readRows } from "../readRows.ts";
import type { Target, Tools } from "./Operation.ts";

/** The most hooks of a canary: its row names each, and one read takes them all. */
export const MOST_CANARY = 100;

/** For how long the outcome of a canary is waited for, milliseconds: a delivery takes 45 s at the most, and may wait. */
const PATIENCE = 120_000;

/** Between two looks, milliseconds. */
const PAUSE = 500;

/** What came of a canary so far. */
type Outcome = { readonly passed: true } | { readonly passed: false; readonly reason: string } | undefined;

/**
 * Waits for what comes of the hooks that were tried first.
 *
 * @param at when they were tried, milliseconds since the epoch
 * @param look is called between two looks; false ends the waiting
 * @returns undefined when `look` ended it
 */
export async function awaitCanary(
  { services }: Pick<Tools, "services">,
  { at, targets }: { readonly at: number; readonly targets: readonly Target[] },
  look: () => Promise<boolean>,
): Promise<Outcome> {
  const { clock } = services;
  const keys = targets.map(({ session, provider }) => hookItem(session, provider));
  for (;;) {
    const { rows } = await readRows(services, keys, hookSchema);
    const failed = rows.find((hook) => hasFailed(hook, at));
    if (failed) return { passed: false, reason: reasonOf(failed) };
    if (rows.every(({ status }) => status !== "pending")) return { passed: true };
    if (clock.now() > at + PATIENCE) {
      const waiting = rows.filter(({ status }) => status === "pending").length;
      return { passed: false, reason: `${waiting} of ${targets.length} have no outcome after ${PATIENCE / 1000} s` };
    }
    if (!(await look())) return undefined;
    await clock.until(clock.now() + PAUSE);
  }
}

function hasFailed({ status, failures }: Hook, at: number): boolean {
  return status === "dead" || (status === "pending" && (failures.at(-1)?.at ?? 0) >= at);
}

function reasonOf({ session, provider, failures }: Hook): string {
  const { kind, status, message } = failures.at(-1) ?? { kind: "", status: undefined, message: "dead" };
  return `${session} at ${provider} failed again: ${[kind, status, message].filter(Boolean).join(" ")}`;
}
