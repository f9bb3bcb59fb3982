import * as v from "valibot";
import type { FailedReply } from "../../../lib/domain/FailedReply.ts";
import { recordAudit } from "../../../lib/operator/audit.ts";
import { discardReply, listFailedReplies, resendReply } from "../../../lib/operator/failedReplies.ts";
import { discardDlqMessages, listDlqMessages, redriveDlqMessages } from "../../../lib/operator/inbound/dlqMessages.ts";
import { isoTime } from "../../../lib/operator/views.ts";
import { whyUndelivered } from "../../../lib/operator/whyUndelivered.ts";
import { keyTail } from "../../../lib/store/keys.ts";
import type { Api } from "../startConsole.ts";
import type { ApiContext } from "./ApiContext.ts";
import { readBody, readPaging, whySchema } from "./readInput.ts";

/** Replies that are looked through for one. */
const MOST = 1_000;

const replySchema = v.object({ session: v.string(), messageId: v.string(), why: whySchema });

const dlqMessageSchema = v.object({ id: v.pipe(v.string(), v.minLength(8)), why: whySchema });

const reasoned = v.pipe(v.string(), v.trim(), v.minLength(1, "say why"), v.maxLength(500));

/** Replies that did not arrive, and messages that could not be answered. */
export function undeliveredApi({ gateway, config }: ApiContext): Api {
  const { services, queues } = gateway;
  const tools = { services, queues, config };
  const act = async (
    action: string,
    { session, messageId, why }: v.InferOutput<typeof replySchema>,
    does: (reply: FailedReply) => Promise<boolean>,
  ) => {
    const { replies } = await listFailedReplies(services, { limit: MOST });
    const reply = replies.find((one) => keyTail(one.pk) === session && one.messageId === messageId);
    if (!reply) return { done: 0 };
    await recordAudit(services, { who: await gateway.caller(), action, target: session, ...(why ? { why } : {}) });
    return { done: (await does(reply)) ? 1 : 0 };
  };
  return {
    "GET /api/replies": async (request) => {
      const { replies, unread, cursor = null } = await listFailedReplies(services, readPaging(request));
      return { replies: replies.map((reply) => replyView(reply, services.clock.now())), unread, next: cursor };
    },
    "POST /api/replies/send": (request) =>
      act("replies send", readBody(replySchema, request), (reply) => resendReply(services, queues.inbound, reply)),
    "POST /api/replies/discard": (request) => {
      const given = readBody(v.object({ ...replySchema.entries, why: reasoned }), request);
      return act("replies discard", given, (reply) => discardReply(services, reply, given.why));
    },
    "GET /api/inbound": () => listDlqMessages(tools, {}),
    "POST /api/inbound/redrive": async (request) => {
      const { id, why } = readBody(dlqMessageSchema, request);
      return { done: (await redriveDlqMessages(tools, { id }, { who: await gateway.caller(), why })).length };
    },
    "POST /api/inbound/discard": async (request) => {
      const { id, why } = readBody(v.object({ ...dlqMessageSchema.entries, why: reasoned }), request);
      return { done: (await discardDlqMessages(tools, { id }, { who: await gateway.caller(), why })).length };
    },
  };
}

/** A failed reply as the page reads it. Times in ISO 8601. */
function replyView({ pk, conversation, messageId, at, reply, undelivered }: FailedReply, now: number) {
  return {
    ...{ session: keyTail(pk), conversation, messageId, platform: undelivered.platform },
    ...{ kind: whyUndelivered(undelivered, now), reply: reply ?? null },
    ...{ writtenAt: isoTime(at), failedAt: isoTime(undelivered.at), resentAt: isoTime(undelivered.resentAt) },
  };
}
