import type { Hook } from "../../lib/hooks/Hook.ts";
import { hookTime } from "../../lib/operator/hookTime.ts";
import { when } from "../../lib/operator/when.ts";
import { clip } from "../../lib/runtime/clip.ts";
import { toTable } from "./toTable.ts";

/** The most of an error that a table shows, characters; `hooks show` has all. */
const ERROR_WIDTH = 80;

/** Hooks as a table. `now` in milliseconds since the epoch. */
export function hookTable(hooks: readonly Hook[], now: number, paint: (cell: string) => string): string {
  const rows = hooks.map((hook) => [
    hook.session,
    hook.provider,
    hook.status,
    String(hook.attempts),
    // Pending: its next attempt, which may be overdue.
    when(hookTime(hook), now),
    outcomeOf(hook),
  ]);
  return toTable(["SESSION", "PROVIDER", "STATUS", "ATTEMPTS", "WHEN", "RECEIPT OR LAST ERROR"], rows, paint);
}

function outcomeOf({ status, skipped, receipt, failures }: Hook): string {
  if (status === "skipped") return skipped ?? "";
  if (status === "delivered")
    return clip([receipt?.id, receipt?.status, receipt?.body].filter(Boolean).join(" "), ERROR_WIDTH);
  const failure = failures.at(-1);
  return failure ? clip([failure.kind, failure.status, failure.message].filter(Boolean).join(" "), ERROR_WIDTH) : "";
}
