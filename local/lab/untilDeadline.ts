import type { Services } from "../../lib/services/Services.ts";
import { readConversation } from "../../lib/store/conversations.ts";
import { LocalError } from "../LocalError.ts";

/** Beyond the deadline, milliseconds: a session is ended once it is over, and `expiresAt` has whole seconds. */
const BEYOND = 1_000;

/**
 * By how much the clock must be moved for a live session to end, milliseconds; for `Lab.moveClock`.
 *
 * @param services with the gateway's own clock, as far as it is moved already
 * @throws LocalError when the session is not live, or its policy never ends it
 */
export async function untilDeadline(
  { table, clock }: Pick<Services, "table" | "clock">,
  { conversation, session }: { readonly conversation: string; readonly session: string },
): Promise<number> {
  const live = await readConversation(table, conversation);
  if (live?.session !== session) throw new LocalError(`the session ${session} is not live any more: it has ended`);
  if (live.expiresAt === undefined) {
    throw new LocalError(`the session ${session} has no deadline: end it with /reset, or with npx vesper sessions end`);
  }
  return Math.max(0, live.expiresAt * 1_000 - clock.now()) + BEYOND;
}
