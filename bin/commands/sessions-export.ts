import type { Command } from "commander";
import { parseSessionFilter } from "../../lib/operator/filter/parseFilter.ts";
import { showSession } from "../../lib/operator/findSession.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { listSessionRows } from "../../lib/operator/listSessions.ts";
import type { UnreadRow } from "../../lib/operator/readRows.ts";
import { sessionDetails } from "../../lib/operator/SessionDetails.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import type { Terminal } from "../Terminal.ts";

/** Sessions of which the rows are read together; each is then read whole. */
const PAGE = 100;

/** `vesper sessions export`: sessions with transcripts and hooks, one JSON object a line, oldest first. */
export function sessionsExport(parent: Command, terminal: Terminal): void {
  parent
    .command("export")
    .description("print sessions whole, with transcripts and hooks, as NDJSON, oldest first")
    .addArgument(filterArgument("since:2026-11-01 platform:telegram"))
    .action(async (words: readonly string[]) => {
      const query = parseSessionFilter(filterOf(words), terminal.clock.now());
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const unread: UnreadRow[] = [];
      let cursor: string | undefined;
      do {
        const page = await listSessionRows(gateway.services, { ...query, order: "oldest", limit: PAGE, cursor });
        unread.push(...page.unread);
        for (const { session } of page.rows) {
          const shown = await showSession(gateway.services, session);
          if (shown) terminal.write(JSON.stringify(sessionDetails(shown)));
        }
        cursor = page.next;
      } while (cursor !== undefined);
      warnOfUnread(terminal, unread);
    });
}
