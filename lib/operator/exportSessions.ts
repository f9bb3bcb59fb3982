import type { ReadServices } from "../store/readItems.ts";
import type { SessionQuery } from "./filter/queries.ts";
import { showSession } from "./findSession.ts";
import { listSessionRows } from "./listSessions.ts";
import type { UnreadRow } from "./readRows.ts";
import { type SessionDetails, sessionDetails } from "./SessionDetails.ts";

/** Sessions of which the rows are read together; each is then read whole. */
const PAGE = 100;

/** Sessions whole, with transcripts and hooks, oldest first, as they are read. @param onUnread is told what could not be */
export async function* exportSessions(
  services: ReadServices,
  query: SessionQuery,
  onUnread: (rows: readonly UnreadRow[]) => void,
): AsyncGenerator<SessionDetails> {
  let cursor: string | undefined;
  do {
    const page = await listSessionRows(services, { ...query, order: "oldest", limit: PAGE, cursor });
    onUnread(page.unread);
    for (const { session } of page.rows) {
      const shown = await showSession(services, session);
      if (shown) yield sessionDetails(shown);
    }
    cursor = page.next;
  } while (cursor !== undefined);
}
