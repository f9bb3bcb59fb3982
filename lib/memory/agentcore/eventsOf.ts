import type { EndedSession, RecallQuery } from "../../adapter/MemoryProvider.ts";
import { perUser } from "../../adapter/perUser.ts";
import { safeId } from "../../adapter/safeId.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import { partName } from "../../adapter/text/partName.ts";
import { type PartMessage, splitMessages } from "../../adapter/text/splitMessages.ts";
import { sha256 } from "../../domain/ids.ts";

/**
 * The most of an event's words, bytes: within the 100 KB that a message may have.
 * https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/bedrock-agentcore-limits.html
 */
const ROOM = 90_000;

/** What a message counts for beside its words, so that an event has no more than the 100 that it may have. */
const BESIDE = ROOM / 100;

/** The actor that a user is there, for what was said in a group of that group. Throws `DeliveryError` as `scopeOf`. */
export function actorIdOf(who: Pick<RecallQuery, "tenant" | "platform" | "chat" | "user">): string {
  return safeId(who.user.id, scopeOf(who));
}

/** A session as events, each of one user; the same ones, with the same tokens, each time. Pure. */
export function eventsOf(session: EndedSession, deliveryKey: string) {
  return perUser(session).flatMap(({ user, messages }) => {
    const worded = messages
      .map((message) => ({ ...message, content: message.content.toWellFormed() }))
      .filter(({ content }) => content.trim() !== "");
    const parts = splitMessages(worded, ROOM, sizeOf);
    return parts.map((part, index) => ({
      actorId: actorIdOf({ ...session, user }),
      sessionId: safeId(session.session, session.session),
      eventTimestamp: new Date(part.at(-1)?.at ?? session.endedAt),
      payload: part.map(({ role, content }) => ({
        conversational: {
          role: role === "user" ? ("USER" as const) : ("ASSISTANT" as const),
          content: { text: content },
        },
      })),
      clientToken: sha256(`${deliveryKey}|${user.id}|${partName(parts, index)}`).toString("hex"),
    }));
  });
}

function sizeOf({ content }: PartMessage): number {
  return Buffer.byteLength(content) + BESIDE;
}
