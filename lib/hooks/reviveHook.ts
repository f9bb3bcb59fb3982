import { isTaken } from "../runtime/isTaken.ts";
import type { Services } from "../runtime/Services.ts";
import { updateItem } from "../runtime/updateItem.ts";
import type { HookJob } from "./HookJob.ts";
import { revival } from "./revival.ts";

/** Makes a dead hook pending again, if it is still the death that is meant. Answers whether it was. */
export function reviveHook(
  { table, clock }: Pick<Services, "table" | "clock">,
  job: HookJob,
  deadAt: number,
): Promise<boolean> {
  return isTaken(updateItem(table, revival(job, deadAt, clock.now())));
}
