import type { Operation } from "../../lib/operator/operations/Operation.ts";

/** Characters of the bar. */
const WIDTH = 24;

/** How far a bulk action is, in a line. */
export function progressLine({ done, left, count, tried, canary }: Operation): string {
  const share = count === 0 ? 1 : Math.min(1, (done + left) / count);
  const full = Math.round(share * WIDTH);
  const waits = canary > 0 && tried && !tried.passed ? ", waiting for the canary" : "";
  return `${"█".repeat(full)}${"░".repeat(WIDTH - full)} ${done} of ${count}${waits}`;
}
