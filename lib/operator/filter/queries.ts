import type { FailedReply } from "../../domain/FailedReply.ts";
import { keyPart } from "../../domain/ids.ts";
import type { EndReason, Session } from "../../domain/Session.ts";
import { keyTail } from "../../store/keys.ts";
import type { DlqMessage } from "../inbound/DlqMessage.ts";
import { isIn } from "../listSessions.ts";
import { isWithin, type Period } from "./Period.ts";

/**
 * What an operator calls a hook's state: `accepted` is pending at a provider that has taken the session, `discarded` skipped
 * on an operator's word.
 */
export const HOOK_STATUSES = ["pending", "accepted", "delivered", "skipped", "dead", "discarded"] as const;

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

/** Which messages of the inbound dead-letter queue are meant, by when they were accepted; all of them when it says nothing. */
export interface DlqQuery extends Period {
  /** How the queue's id begins, or all of it. */
  readonly id?: string | undefined;
  /** The platform's name in the config. */
  readonly platform?: string | undefined;
  /** The conversation's key, or its chat's id. */
  readonly conversation?: string | undefined;
  /** The platform's id of whoever wrote. */
  readonly user?: string | undefined;
}

/** Whether a DLQ message is meant. What can't be read is meant by its id alone, or by no word at all. */
export function isDlqMessageMeant(query: DlqQuery, dlqMessage: DlqMessage): boolean {
  const { id, platform, conversation, user, since, until } = query;
  const { acceptedAt } = dlqMessage;
  return (
    (id === undefined || dlqMessage.id.startsWith(id.toLowerCase())) &&
    (platform === undefined || dlqMessage.platform === platform) &&
    (user === undefined || dlqMessage.user === user) &&
    (conversation === undefined ||
      dlqMessage.conversation === conversation ||
      dlqMessage.conversation?.split("/")[2] === keyPart(conversation)) &&
    ((since === undefined && until === undefined) ||
      (acceptedAt !== null && isWithin({ since, until }, Date.parse(acceptedAt))))
  );
}
