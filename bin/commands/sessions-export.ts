import type { Command } from "commander";
import { exportSessions } from "../../lib/operator/exportSessions.ts";
import { parseSessionFilter } from "../../lib/operator/filter/parseFilter.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import type { UnreadRow } from "../../lib/operator/readRows.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import type { Terminal } from "../Terminal.ts";

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
      const sessions = exportSessions(gateway.services, query, (rows) => unread.push(...rows));
      for await (const session of sessions) terminal.write(JSON.stringify(session));
      warnOfUnread(terminal, unread);
    });
}
