import type { EndedSession, RecallQuery } from "../../adapter/MemoryProvider.ts";
import { perUser } from "../../adapter/perUser.ts";
import { safeId } from "../../adapter/safeId.ts";
import { scopeOf } from "../../adapter/scopeOf.ts";
import type { Part } from "../../adapter/sendParts.ts";
import { partName } from "../../adapter/text/partName.ts";
import { type PartMessage, splitMessages } from "../../adapter/text/splitMessages.ts";
import { sha256 } from "../../domain/ids.ts";
import type { Values } from "./template.ts";

/** The most of a transcript in a call, bytes: within the 4 MB that the protocol's own servers take, for a model to read at once. */
const ROOM = 100_000;

/** What `{user}` stands for; for what was said in a group one of that group. Throws `DeliveryError` as `scopeOf`. */
export function userIdOf(who: Pick<RecallQuery, "tenant" | "platform" | "chat" | "user">): string {
  return safeId(who.user.id, scopeOf(who));
}

/** What some messages of one user put into the calls that store them. */
export interface Portion extends Part {
  readonly user: string;
  readonly messages: number;
  readonly values: Values;
}

/** A session in portions, the same ones each time. Messages without words are left out. Pure. */
export function portionsOf(session: EndedSession, deliveryKey: string): readonly Portion[] {
  return perUser(session).flatMap((share) => {
    const worded = share.messages
      .map((message) => ({ ...message, content: message.content.toWellFormed() }))
      .filter(({ content }) => content.trim() !== "");
    const parts = splitMessages(worded, ROOM, (message) => Buffer.byteLength(lineOf(message)) + 1);
    const user = userIdOf({ ...session, user: share.user });
    return parts.map((part, index) => {
      const key = sha256(`${deliveryKey}|${share.user.id}|${partName(parts, index)}`).toString("hex");
      const values = {
        ...{ user, key, session: session.session, endedAt: new Date(session.endedAt).toISOString() },
        transcript: part.map(lineOf).join("\n"),
        messages: part.map(sentenceOf),
      };
      return { key, user, messages: part.length, values };
    });
  });
}

/** JSON, so that no message can pass for another one. */
function lineOf(message: PartMessage): string {
  const { role, content, at } = message;
  return JSON.stringify({ role, name: nameOf(message), at: new Date(at).toISOString(), content });
}

/** A message for people to read, with its time to the minute, as each is a text of its own. */
function sentenceOf(message: PartMessage): string {
  const [day, time = ""] = new Date(message.at).toISOString().split("T");
  return `${day} ${time.slice(0, 5)} ${nameOf(message)}: ${message.content}`;
}

function nameOf({ role, author }: PartMessage): string {
  return role === "assistant" ? "assistant" : (author?.name ?? author?.id ?? "user");
}
