import type { Hook } from "../hooks/Hook.ts";
import { type HookView, hookView } from "./HookView.ts";
import { isoTime } from "./isoTime.ts";

/** A hook with its whole history, as programs read it. Times in ISO 8601; null: it has not happened. */
export interface HookDetails extends HookView {
  /** The conversation's key. */
  readonly conversation: string;
  /** Why it was skipped. */
  readonly skipped: Hook["skipped"] | null;
  /** Who gave it up, when and why. */
  readonly discarded: { readonly at: string | null; readonly by: string; readonly why: string } | null;
  readonly deliveredAt: string | null;
  readonly deadAt: string | null;
  /** How often an operator has revived it. */
  readonly redrives: number;
  /** How often the sweep had to enqueue it again. */
  readonly enqueues: number;
  /** The last ones that are kept, oldest first; `took` in milliseconds. */
  readonly failures: readonly (Omit<Hook["failures"][number], "at"> & { readonly at: string | null })[];
}

export function hookDetails(hook: Hook): HookDetails {
  const { discarded } = hook;
  return {
    ...hookView(hook),
    conversation: hook.conversation,
    skipped: hook.skipped ?? null,
    discarded: discarded ? { at: isoTime(discarded.at), by: discarded.by, why: discarded.why } : null,
    deliveredAt: isoTime(hook.deliveredAt),
    deadAt: isoTime(hook.deadAt),
    redrives: hook.redrives,
    enqueues: hook.enqueues,
    failures: hook.failures.map((failure) => ({ ...failure, at: isoTime(failure.at) })),
  };
}
