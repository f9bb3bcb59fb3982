import type { EndedSession } from "../../adapter/MemoryProvider.ts";
import type { MemoryRow } from "../../adapter/MemoryStore.ts";
import { truncate } from "../../adapter/text/truncate.ts";
import type { Message } from "../../domain/Message.ts";
import { extractFacts, looksSecret } from "./extractFacts.ts";

/** More than a person says of themselves in a session; bounds the writes. The newest are kept. */
const MOST_FACTS = 50;

/** The most of a summary's quotation, characters. */
const MOST_QUOTE = 120;

/**
 * What one user's part of a session leaves behind: facts, at the time they were said, and one line on the session. Only
 * the user's own words count. The same session gives the same rows; of a fact, and of the summary, the last one stays.
 */
export function rowsOf(session: EndedSession, userId: string): readonly MemoryRow[] {
  const own = session.messages.filter(({ role, author }) => role === "user" && author?.id === userId);
  const facts = new Map<string, MemoryRow>();
  // Words that were passed on are another's, whatever they say.
  const said = own.filter(({ forwarded }) => forwarded === undefined);
  for (const { content, at } of said.toSorted((a, b) => a.at - b.at)) {
    for (const { id, text, isTakenBack } of extractFacts(content)) {
      facts.delete(id);
      facts.set(id, { id, kind: isTakenBack ? "gone" : "fact", text, at });
    }
  }
  return [...[...facts.values()].slice(-MOST_FACTS), summaryOf(session, own.length, said)];
}

function summaryOf({ endedAt }: EndedSession, written: number, said: readonly Message[]): MemoryRow {
  const first = said
    .map(({ content }) => content.replace(/\s+/g, " ").trim())
    .find((text) => text && !looksSecret(text));
  const day = new Date(endedAt).toISOString().slice(0, 10);
  const count = `${written} ${written === 1 ? "message" : "messages"}`;
  const text = `Last talked on ${day}, ${count}${first ? `, beginning with: "${truncate(first, MOST_QUOTE)}"` : ""}`;
  return { id: "summary", kind: "summary", text, at: endedAt };
}
