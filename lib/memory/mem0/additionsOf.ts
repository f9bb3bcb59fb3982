import type { EndedSession } from "../../adapter/MemoryProvider.ts";
import { perUser } from "../../adapter/perUser.ts";
import { partName } from "../../adapter/text/partName.ts";
import { type PartMessage, splitMessages } from "../../adapter/text/splitMessages.ts";
import { sha256 } from "../../domain/ids.ts";
import { userIdOf } from "./userIdOf.ts";

/**
 * The most of a call, bytes. Mem0 states no limit; its model reads a call at once, and forgets the middle of a longer one.
 */
const PART = 100_000;

/** One call's worth of a session: some messages of one user. */
export interface Addition {
  /** The same on every attempt, as long as the words are, and of no other addition. 32 hexadecimal digits. */
  readonly key: string;
  readonly userId: string;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly content: string }[];
  readonly session: string;
  /** Seconds since the epoch. */
  readonly endedAt: number;
}

/** All additions of a session, the same ones each time. Messages without words are left out. Pure. */
export function additionsOf(session: EndedSession, deliveryKey: string): readonly Addition[] {
  return perUser(session).flatMap(({ user, messages }) => {
    const worded = messages
      .map((message) => ({ ...message, content: message.content.toWellFormed() }))
      .filter(({ content }) => content.trim() !== "");
    const parts = splitMessages(worded, PART, sizeOf);
    return parts.map((part, index) => ({
      key: sha256(`${deliveryKey}|${user.id}|${partName(parts, index)}`)
        .toString("hex")
        .slice(0, 32),
      userId: userIdOf({ ...session, user }),
      messages: part.map(({ role, content }) => ({ role, content })),
      session: session.session,
      endedAt: Math.floor(session.endedAt / 1000),
    }));
  });
}

function sizeOf({ role, content }: PartMessage): number {
  return Buffer.byteLength(JSON.stringify({ role, content })) + 1;
}
