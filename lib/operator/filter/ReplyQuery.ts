import { keyTail } from "../../runtime/keys.ts";
import type { FailedReply } from "../../transcript/FailedReply.ts";
import { isIn } from "../isIn.ts";
import { isWithin, type Period } from "./Period.ts";

/** Which failed replies are meant, by when they failed; all of them when it says nothing. */
export interface ReplyQuery extends Period {
  /** Why they failed, such as `throttled`. */
  readonly kind?: string;
  /** The platform's name in the config. */
  readonly platform?: string;
  /** The conversation's key, or its chat's id. */
  readonly conversation?: string;
  /** How the session's id ends, or all of it. */
  readonly id?: string;
}

/** Whether a failed reply is meant. */
export function isReplyMeant(query: ReplyQuery, { pk, conversation, undelivered }: FailedReply): boolean {
  const { kind, platform, ...place } = query;
  return (
    (kind === undefined || undelivered.kind === kind) &&
    (platform === undefined || undelivered.platform === platform) &&
    isIn(place, conversation, keyTail(pk)) &&
    isWithin(query, undelivered.at)
  );
}
