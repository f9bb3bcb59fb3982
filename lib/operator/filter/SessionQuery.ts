import type { EndReason } from "../../session/EndReason.ts";
import type { Session } from "../../session/Session.ts";
import type { Period } from "./Period.ts";

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
