import * as v from "valibot";
import { turnItem } from "../../store/keys.ts";
import { readRows } from "../readRows.ts";
import type { Outcome } from "./canary.ts";
import type { ReplyTarget, Tools } from "./Operation.ts";

/** As much of a turn as says what came of its reply. */
const rowSchema = v.object({
  pk: v.string(),
  sk: v.string(),
  /** There is one as long as it is a failed reply. */
  state: v.exactOptional(v.string()),
  undelivered: v.exactOptional(v.object({ at: v.number(), kind: v.string() })),
});

/** What came of replies that were sent again: those that have arrived are in no list any more. */
export async function lookAtReplies(
  { services }: Pick<Tools, "services">,
  targets: readonly ReplyTarget[],
): Promise<Outcome> {
  const keys = targets.map(({ session, turn }) => turnItem(session, turn));
  const { rows } = await readRows(services, keys, rowSchema);
  const waiting = rows.filter(({ state }) => state !== undefined);
  for (const { session, turn, failedAt } of targets) {
    const { pk, sk } = turnItem(session, turn);
    const row = waiting.find((one) => one.pk === pk && one.sk === sk);
    if (row?.undelivered && row.undelivered.at !== failedAt) {
      return { passed: false, reason: `the reply in session ${session} failed again: ${row.undelivered.kind}` };
    }
  }
  return waiting.length === 0 ? { passed: true } : { waiting: waiting.length };
}
