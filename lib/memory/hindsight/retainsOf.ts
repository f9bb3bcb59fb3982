import type { EndedSession, RecallQuery } from "../../adapter/MemoryProvider.ts";
import { perUser } from "../../adapter/perUser.ts";
import { safeId } from "../../adapter/safeId.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import { type PartMessage, splitMessages } from "../../adapter/text/splitMessages.ts";
import { sha256 } from "../../domain/ids.ts";

/** The most of a document, bytes. Hindsight wants a conversation whole and states no limit; most fit. */
const ROOM = 500_000;

/** The bank of a user, for what was said in a group of that user there. Throws `DeliveryError` as `scopeOf`. */
export function bankOf(who: Pick<RecallQuery, "tenant" | "platform" | "chat" | "user">): string {
  return safeId(who.user.id, scopeOf(who));
}

/**
 * The calls that give a session to the banks of its users: the same ones, under the same ids, each time. A conversation is
 * one document of JSON lines, in which no message can pass for another one. Pure.
 *
 * @param failed ids of operations that the service has failed at: it would only repeat their failure
 */
export function retainsOf(session: EndedSession, deliveryKey: string, failed: ReadonlySet<string>) {
  return perUser(session).flatMap(({ user, messages }) => {
    const worded = messages.filter(({ content }) => content.trim() !== "");
    const parts = splitMessages(worded, ROOM, (message) => Buffer.byteLength(lineOf(message)) + 1);
    return parts.map((part, index) => {
      const item = {
        content: part.map(lineOf).join("\n"),
        document_id: `${session.session}${parts.length === 1 ? "" : `-${index + 1}`}`,
        timestamp: new Date(session.endedAt).toISOString(),
        context: `a conversation with ${session.chat.type === "dm" ? "one person" : "one person of a group"}`,
        metadata: { session: session.session, platform: session.platform },
      };
      // Of its words, too: others, as they were cleaned in another way since, replace the document instead of being refused.
      let operation = uuidOf(`${deliveryKey}|${user.id}|${index}|${item.content}`);
      while (failed.has(operation)) operation = uuidOf(operation);
      return { bank: bankOf({ ...session, user }), body: { async: true, operation_id: operation, items: [item] } };
    });
  });
}

/** JSON, which is well-formed whatever the words are. */
function lineOf({ role, content, author, at }: PartMessage): string {
  const name = role === "assistant" ? "assistant" : (author?.name ?? author?.id);
  return JSON.stringify({ role, name, at: new Date(at).toISOString(), content });
}

/** A UUID of version 8, which is made as its maker likes: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8 */
function uuidOf(text: string): string {
  const hex = sha256(text).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    "-",
  );
}
