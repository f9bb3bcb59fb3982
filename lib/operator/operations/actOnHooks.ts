import { hookSchema } from "../../domain/Hook.ts";
import type { Queue } from "../../services/Services.ts";
import { hookItem } from "../../store/keys.ts";
import { clearDeadLetters } from "../clearDeadLetters.ts";
import { readRows } from "../readRows.ts";
import { actOn, type HookVerb } from "./batches.ts";
import type { Target, Tools } from "./Operation.ts";

/**
 * Acts on a few hooks that an operator named, each if it is still in a state that the verb is for. Answers those that are
 * done. @throws CommandFailed when a discard has no reason
 */
export async function actOnHooks(
  { services, queues }: Tools & { readonly queues: { readonly deadLetters: Queue } },
  verb: HookVerb,
  word: { readonly who: string; readonly why?: string },
  targets: readonly Target[],
): Promise<readonly Target[]> {
  const keys = targets.map(({ session, provider }) => hookItem(session, provider));
  const { rows } = await readRows(services, keys, hookSchema);
  const done = await actOn({ services, queues }, verb, word, rows);
  if (verb === "redrive" || verb === "discard") await clearDeadLetters(services.table, queues.deadLetters);
  return done;
}
