import type { Hook } from "../../hooks/Hook.ts";
import type { Fact } from "./Batch.ts";
import type { HookTarget } from "./Operation.ts";

/** A hook as what is acted on. */
export function hookTarget({ session, provider }: Hook): HookTarget {
  return { session, provider };
}

/** What a plan tells of a hook. */
export function hookFact({ provider, deadAt, createdAt }: Hook): Fact {
  return { at: deadAt ?? createdAt, whose: provider };
}
