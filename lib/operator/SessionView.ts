import type { EndReason } from "../session/EndReason.ts";
import type { Session } from "../session/Session.ts";
import type { HookStatus } from "./filter/HookQuery.ts";
import { hookStatus } from "./hookStatus.ts";
import { isoTime } from "./isoTime.ts";
import type { ListedSession } from "./listSessions.ts";

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
