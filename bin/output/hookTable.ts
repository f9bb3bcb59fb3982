import { truncate } from "../../lib/adapter/text/truncate.ts";
import type { Hook } from "../../lib/domain/Hook.ts";
import { when } from "../../lib/operator/plain.ts";
import { attemptsOf, hookStatus, hookTime } from "../../lib/operator/views.ts";
import type { Terminal } from "../Terminal.ts";
import { shortId } from "./shortId.ts";
import { toTable } from "./toTable.ts";

/** The most of an error that a table shows, characters; `hooks show` has all. */
const ERROR_WIDTH = 80;

/** Hooks as a table that fits the terminal. */
export function hookTable(
  hooks: readonly Hook[],
  terminal: Pick<Terminal, "isTerminal" | "columns" | "clock">,
  paint: (cell: string) => string,
): string {
  const now = terminal.clock.now();
  const rows = hooks.map((hook) => [
    shortId(hook.session, terminal),
    hook.provider,
    hookStatus(hook),
    String(attemptsOf(hook)),
    // Pending or accepted: when it is tried or asked for next, which may be overdue.
    when(hookTime(hook), now),
    outcomeOf(hook),
  ]);
  const head = ["SESSION", "PROVIDER", "STATUS", "ATTEMPTS", "WHEN", "RECEIPT OR LAST ERROR"];
  return toTable(head, rows, paint, terminal.columns);
}

function outcomeOf({ status, skipped, discarded, accepted, receipt, failures }: Hook): string {
  if (status === "skipped") return discarded ? `${discarded.by}: ${discarded.why}` : (skipped ?? "");
  // Of an accepted one the failure is told that came since.
  const isAtWork = status === "pending" && accepted && (failures.at(-1)?.at ?? 0) <= accepted.heardAt;
  if (status === "delivered" || isAtWork)
    return truncate([receipt?.id, receipt?.status, receipt?.body].filter(Boolean).join(" "), ERROR_WIDTH);
  const failure = failures.at(-1);
  return failure
    ? truncate([failure.kind, failure.status, failure.message].filter(Boolean).join(" "), ERROR_WIDTH)
    : "";
}
