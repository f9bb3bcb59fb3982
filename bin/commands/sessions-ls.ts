import { type Command, Option } from "commander";
import { listSessions, type SessionFilter } from "../../lib/operator/listSessions.ts";
import { sessionView } from "../../lib/operator/SessionView.ts";
import { connect } from "../connect.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { limitOption } from "../options/limitOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import { when } from "../output/when.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { Target } from "../Target.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper sessions ls`: the newest sessions, an ended one by its end, an open one by its start. */
export function sessionsLs(parent: Command, terminal: Terminal): void {
  parent
    .command("ls")
    .description("list sessions, newest first")
    .addOption(new Option("--status <status>", "only these").choices(["open", "ended"]))
    .option("--platform <name>", "only those of a platform, by its name in the config")
    .option("--all", "also those that ended without a turn")
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(async ({ json, ...filter }: SessionFilter & { json?: true }) => {
      const target = parent.optsWithGlobals<Target>();
      using gateway = await connect(terminal, target);
      const { sessions, unread } = await listSessions(gateway.services, filter);
      warnOfUnread(terminal, unread);
      const { platform } = filter;
      if (platform !== undefined && sessions.length + unread.length === 0) {
        await refuseUnknown(terminal, target, gateway, "platform", platform);
      }
      if (json) return terminal.write(toJson(sessions.map(sessionView)));
      if (sessions.length === 0) return terminal.write('no sessions: try npx vesper say "hello"');
      const now = terminal.clock.now();
      const rows = sessions.map(({ session, turns, hooks }) => [
        session.session,
        session.conversation,
        session.status,
        session.reason ?? "",
        when(session.startedAt, now),
        when(session.endedAt, now),
        String(turns),
        hooks.map(({ provider, status }) => `${provider}:${status}`).join(" "),
      ]);
      const head = ["SESSION", "CONVERSATION", "STATUS", "REASON", "STARTED", "ENDED", "TURNS", "HOOKS"];
      terminal.write(toTable(head, rows, painter(terminal)));
    });
}
