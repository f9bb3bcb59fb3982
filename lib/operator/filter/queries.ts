import type { EndReason, Session } from "../../domain/Session.ts";
import type { Period } from "./Period.ts";

/** What an operator calls a hook's state: `discarded` is skipped on an operator's word. */
export const HOOK_STATUSES = ["pending", "delivered", "skipped", "dead", "discarded"] as const;

export type HookStatus = (typeof HOOK_STATUSES)[number];

/** Which hooks are meant; all of them when it says nothing. */
export interface HookQuery extends Period {
  readonly status?: HookStatus;
  /** The provider's name in the config. */
  readonly provider?: string;
  /** The group of its last error, as `errorGroup` names it. */
  readonly group?: string;
  /** The platform's name in the config. */
  readonly platform?: string;
  /** The conversation's key, or its chat's id. */
  readonly conversation?: string;
  /** How the session's id ends, or all of it. */
  readonly id?: string;
}

/** Which sessions are meant; all of them when it says nothing. */
export interface SessionQuery extends Period {
  readonly status?: Session["status"];
  readonly reason?: EndReason;
  /** The platform's name in the config. */
  readonly platform?: string;
  /** The conversation's key, or its chat's id. */
  readonly conversation?: string;
  /** The platform's id of somebody who wrote in it. */
  readonly user?: string;
  /** How its id ends, or all of it. */
  readonly id?: string;
}
