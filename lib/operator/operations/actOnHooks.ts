import { hookSchema } from "../../domain/Hook.ts";
import { hookItem } from "../../store/keys.ts";
import { clearDlq } from "../clearDlq.ts";
import { readRows } from "../readRows.ts";
import { actOn, type HookVerb } from "./batches.ts";
import type { HookTarget, HookTools } from "./Operation.ts";

/**
 * Acts on a few hooks that an operator named, each if it is still in a state that the verb is for. Answers those that are
 * done. @throws CommandFailed when a discard has no reason
 */
export async function actOnHooks(
  { services, queues }: HookTools,
  verb: HookVerb,
  word: { readonly who: string; readonly why?: string },
  targets: readonly HookTarget[],
): Promise<readonly HookTarget[]> {
  const keys = targets.map(({ session, provider }) => hookItem(session, provider));
  const { rows } = await readRows(services, keys, hookSchema);
  const done = await actOn({ services, queues }, verb, word, rows);
  if (verb === "redrive" || verb === "discard") await clearDlq(services, queues.dlq);
  return done;
}
