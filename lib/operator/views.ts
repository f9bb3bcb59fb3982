import type { Hook } from "../domain/Hook.ts";
import type { EndReason, Session } from "../domain/Session.ts";
import type { HookStatus } from "./filter/queries.ts";
import { errorGroup } from "./listGroups.ts";
import type { ListedSession } from "./listSessions.ts";

/** ISO 8601 text of a time in milliseconds since the epoch; null when it is not known. */
export function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}

/**
 * A hook's state as an operator calls it: to the functions one that its provider has accepted is pending, and one that an
 * operator discarded skipped.
 */
export function hookStatus({
  status,
  accepted,
  discarded,
}: Pick<Hook, "status" | "accepted" | "discarded">): HookStatus {
  if (status === "pending" && accepted) return "accepted";
  return status === "skipped" && discarded ? "discarded" : status;
}

/**
 * The time that a hook is listed by, milliseconds since the epoch: when it died, was delivered or was skipped; for a
 * pending or accepted one when it is tried or asked for next.
 */
export function hookTime({ status, deadAt, deliveredAt, nextAttemptAt }: Hook): number {
  if (status === "dead") return deadAt ?? nextAttemptAt;
  return status === "delivered" ? (deliveredAt ?? nextAttemptAt) : nextAttemptAt;
}

/** How often the session was, or may have been, given to the provider. */
export function attemptsOf({ attempts, accepted }: Pick<Hook, "attempts" | "accepted">): number {
  return accepted?.attempts ?? attempts;
}

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
  /** `accepted`: its provider has taken the session, and works on it; `discarded`: an operator gave it up. */
  readonly status: HookStatus;
  /** Begun since the hook was made or redriven; asking what became of it is none. */
  readonly attempts: number;
  /** The last failure, also of a hook that was delivered in the end; null when there was none. */
  readonly lastError: FailureView | null;
  /** Of an accepted one: when its provider is asked. Null when the hook is neither pending nor accepted. */
  readonly nextAttemptAt: string | null;
  /** When its provider took the session to work on it; null for one that stores it at once. */
  readonly acceptedAt: string | null;
  /** The provider's acknowledgement; null until there is one. */
  readonly receipt: NonNullable<Hook["receipt"]> | null;
}

export function hookView(hook: Hook): HookView {
  const { session, provider, receipt = null } = hook;
  const attempts = attemptsOf(hook);
  const status = hookStatus(hook);
  const failure = hook.failures.at(-1);
  return {
    ...{ session, provider, status, attempts },
    lastError: failure ? failureView(failure) : null,
    nextAttemptAt: hook.status === "pending" ? isoTime(hook.nextAttemptAt) : null,
    acceptedAt: isoTime(hook.acceptedAt),
    receipt,
  };
}

function failureView({ kind, status, message, at }: Hook["failures"][number]): FailureView {
  const about = { kind, ...(status === undefined ? {} : { status }), message };
  return { ...about, group: errorGroup(about), at: isoTime(at) };
}

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

/** A session as programs read it. A contract: keys are added, never changed. Times in ISO 8601; null: not known (yet). */
export interface SessionView {
  readonly session: string;
  /** The conversation's key. */
  readonly conversation: string;
  readonly platform: string;
  readonly status: Session["status"];
  readonly reason: EndReason | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly turns: number;
  /** By the provider's name in the config. */
  readonly hooks: Readonly<Record<string, HookStatus>>;
}

export function sessionView({ session: row, turns, hooks }: ListedSession): SessionView {
  const { session, conversation, platform, status, reason = null } = row;
  return {
    ...{ session, conversation, platform, status, reason },
    startedAt: isoTime(row.startedAt),
    endedAt: isoTime(row.endedAt),
    turns,
    hooks: Object.fromEntries(hooks.map((hook) => [hook.provider, hookStatus(hook)])),
  };
}
