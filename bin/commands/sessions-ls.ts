import { type Command, Option } from "commander";
import { parseSessionFilter } from "../../lib/operator/filter/parseFilter.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { type ListedSession, listSessions } from "../../lib/operator/listSessions.ts";
import { when } from "../../lib/operator/plain.ts";
import { hookStatus, sessionView } from "../../lib/operator/views.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import { type PageOptions, pageOptions } from "../options/pageOptions.ts";
import { painter } from "../output/painter.ts";
import { readPages } from "../output/readPages.ts";
import { shortId } from "../output/shortId.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { Terminal } from "../Terminal.ts";

interface Options extends PageOptions {
  readonly status?: string;
  readonly platform?: string;
  readonly all?: true;
}

/** `vesper sessions ls`: the newest sessions, an ended one by its end, an open one by its start. */
export function sessionsLs(parent: Command, terminal: Terminal): void {
  pageOptions(
    parent
      .command("ls")
      .description("list sessions, newest first, with their hooks")
      .addArgument(filterArgument("status:ended reason:idle user:42 since:2026-11-01"))
      .addOption(new Option("--status <status>", "short for status:").choices(["open", "ended"]))
      .option("--platform <name>", "short for platform:, its name in the config")
      .option("--all", "also those that ended without a turn"),
  ).action(async (words: readonly string[], options: Options) => {
    const { status, platform, all } = options;
    const query = parseSessionFilter(filterOf(words, { status, platform }), terminal.clock.now());
    const target = parent.optsWithGlobals<Target>();
    using gateway = await connect(terminal, target);
    const read = async (paging: Parameters<Parameters<typeof readPages>[2]>[0]) => {
      const { sessions, ...rest } = await listSessions(gateway.services, { ...query, all, ...paging });
      return { ...rest, items: sessions };
    };
    const { items, next, isEmpty } = await readPages(terminal, options, read, sessionView);
    if (isEmpty) await refuseUnknown(terminal, target, gateway, query);
    if (options.ndjson) return;
    if (options.json) return terminal.write(toJson(items.map(sessionView)));
    terminal.write(items.length > 0 ? describe(items, terminal) : 'no sessions: try npx vesper say "hello"');
    if (next !== undefined) terminal.warn(`more: --cursor ${next}`);
  });
}

function describe(sessions: readonly ListedSession[], terminal: Terminal): string {
  const now = terminal.clock.now();
  const rows = sessions.map(({ session, turns, hooks }) => [
    shortId(session.session, terminal),
    session.conversation,
    session.status,
    session.reason ?? "",
    when(session.startedAt, now),
    when(session.endedAt, now),
    String(turns),
    hooks.map((hook) => `${hook.provider}:${hookStatus(hook)}`).join(" "),
  ]);
  const head = ["SESSION", "CONVERSATION", "STATUS", "REASON", "STARTED", "ENDED", "TURNS", "HOOKS"];
  return toTable(head, rows, painter(terminal), terminal.columns);
}
