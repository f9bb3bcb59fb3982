import type { EndedSession, RecallQuery } from "../../adapter/MemoryProvider.ts";
import { perUser } from "../../adapter/perUser.ts";
import { safeId } from "../../adapter/safeId.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import type { Part } from "../../adapter/sendParts.ts";
import { batchMessages } from "../../adapter/text/batchMessages.ts";
import { partName } from "../../adapter/text/partName.ts";
import type { PartMessage } from "../../adapter/text/splitMessages.ts";
import { sha256 } from "../../domain/ids.ts";

/** `MessageBatchCreate` and `MessageCreate` of Honcho's description. */
export const LIMITS = { messages: 100, characters: 25_000 };

/** Who answers. No user has this id: theirs end in a hash. */
const ASSISTANT = "assistant";

/**
 * The peer that a user is there, for what was said in a group of that group, and the session with all that this peer has
 * said. Throws `DeliveryError` as `scopeOf`.
 */
export function peerIdOf(who: Pick<RecallQuery, "tenant" | "platform" | "chat" | "user">): string {
  return safeId(who.user.id, scopeOf(who));
}

/** One call's worth of a session: some messages of one user and of the assistant, in that user's session there. */
export interface Batch extends Part {
  readonly peer: string;
  readonly messages: readonly object[];
}

/**
 * All batches of a session, the same ones each time. Messages without words are left out. No conclusions are drawn of what
 * the assistant says, other than as what the user's words answer. Pure.
 */
export function batchesOf(session: EndedSession, deliveryKey: string): readonly Batch[] {
  return perUser(session).flatMap(({ user, messages }) => {
    const worded = messages
      .map((message) => ({ ...message, content: message.content.toWellFormed() }))
      .filter(({ content }) => content.trim() !== "");
    const parts = batchMessages(worded, LIMITS);
    const peer = peerIdOf({ ...session, user });
    return parts.map((part, index) => {
      const key = sha256(`${deliveryKey}|${user.id}|${partName(parts, index)}`)
        .toString("hex")
        .slice(0, 32);
      const metadata = { delivery_key: key, session: session.session };
      return { key, peer, messages: part.map((message) => messageOf(message, peer, metadata)) };
    });
  });
}

function messageOf({ role, content, at }: PartMessage, peer: string, metadata: object): object {
  return {
    peer_id: role === "user" ? peer : ASSISTANT,
    content,
    metadata,
    ...(role === "user" ? {} : { configuration: { reasoning: { enabled: false } } }),
    created_at: new Date(at).toISOString(),
  };
}
