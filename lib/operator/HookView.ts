import type { Hook } from "../hooks/Hook.ts";
import { errorGroup } from "./errors/errorGroup.ts";
import type { HookStatus } from "./filter/HookQuery.ts";
import { hookStatus } from "./hookStatus.ts";
import { isoTime } from "./isoTime.ts";

/** A failed attempt as programs read it. */
interface FailureView {
  readonly kind: string;
  readonly status?: number;
  readonly message: string;
  /** As `errorGroup` names it. */
  readonly group: string;
  readonly at: string | null;
}

/** A hook as programs read it. A contract: keys are added, never changed. Times in ISO 8601. */
export interface HookView {
  readonly session: string;
  readonly provider: string;
  /** `discarded`: an operator gave it up. */
  readonly status: HookStatus;
  /** Begun since the hook was made or redriven. */
  readonly attempts: number;
  /** The last failure, also of a hook that was delivered in the end; null when there was none. */
  readonly lastError: FailureView | null;
  /** Null when the hook is not pending. */
  readonly nextAttemptAt: string | null;
  /** The provider's acknowledgement; null until there is one. */
  readonly receipt: NonNullable<Hook["receipt"]> | null;
}

export function hookView(hook: Hook): HookView {
  const { session, provider, attempts, receipt = null } = hook;
  const status = hookStatus(hook);
  const failure = hook.failures.at(-1);
  return {
    ...{ session, provider, status, attempts },
    lastError: failure ? failureView(failure) : null,
    nextAttemptAt: status === "pending" ? isoTime(hook.nextAttemptAt) : null,
    receipt,
  };
}

function failureView({ kind, status, message, at }: Hook["failures"][number]): FailureView {
  const about = { kind, ...(status === undefined ? {} : { status }), message };
  return { ...about, group: errorGroup(about), at: isoTime(at) };
}
