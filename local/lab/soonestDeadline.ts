import { findByState } from "../../lib/operator/findByState.ts";
import { mapConcurrently } from "../../lib/runtime/async.ts";
import type { Services } from "../../lib/services/Services.ts";
import { readConversation } from "../../lib/store/conversations.ts";
import { keyTail } from "../../lib/store/keys.ts";
import { LocalError } from "../LocalError.ts";

/** Conversations that are read at once. */
const CONCURRENCY = 10;

/**
 * The live session that ends first.
 *
 * @param tail the end of the wanted session's id; undefined: any
 * @throws LocalError when there is none that ends by itself
 */
export async function soonestDeadline(
  { table }: Pick<Services, "table">,
  tail = "",
): Promise<{ readonly conversation: string; readonly session: string }> {
  const entries = await findByState(table, "DUE", ({ sk }) => sk.startsWith("SESSION#") && sk.endsWith(tail));
  const ends: { conversation: string; session: string; expiresAt: number }[] = [];
  await mapConcurrently(entries, CONCURRENCY, async ({ pk, sk }) => {
    const [conversation, session] = [keyTail(pk), keyTail(sk)];
    const live = await readConversation(table, conversation);
    if (live?.session === session && live.expiresAt !== undefined) {
      ends.push({ conversation, session, expiresAt: live.expiresAt });
    }
  });
  const [first] = ends.sort((a, b) => a.expiresAt - b.expiresAt);
  if (first) return first;
  throw new LocalError(
    `no live session ${tail && `"…${tail}" `}has a deadline: say something first, or move by a duration`,
  );
}
