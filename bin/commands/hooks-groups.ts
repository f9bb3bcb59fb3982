import type { Command } from "commander";
import { parseHookFilter } from "../../lib/operator/filter/parseFilter.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { type ErrorGroup, listGroups } from "../../lib/operator/listGroups.ts";
import { when } from "../../lib/operator/plain.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { shortId } from "../output/shortId.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper hooks groups`: what went wrong, once for each cause. */
export function hooksGroups(parent: Command, terminal: Terminal): void {
  parent
    .command("groups")
    .description("group failed hooks by their last error, the largest group first (default: status:dead)")
    .addArgument(filterArgument("status:pending provider:crm"))
    .addOption(jsonOption())
    .action(async (words: readonly string[], { json }: { json?: true }) => {
      const { status = "dead", ...query } = parseHookFilter(filterOf(words), terminal.clock.now());
      const target = parent.optsWithGlobals<Target>();
      using gateway = await connect(terminal, target);
      const { groups, unread } = await listGroups(gateway.services, { ...query, status });
      warnOfUnread(terminal, unread);
      if (groups.length + unread.length === 0) await refuseUnknown(terminal, target, gateway, query);
      if (json) return terminal.write(toJson(groups));
      terminal.write(groups.length > 0 ? describe(groups, terminal) : "no failed hooks");
    });
}

function describe(groups: readonly ErrorGroup[], terminal: Terminal): string {
  const now = terminal.clock.now();
  const time = (at: string | null) => when(at === null ? undefined : Date.parse(at), now);
  const rows = groups.map((one) => [
    ...[
      String(one.count),
      one.group,
      Object.entries(one.providers)
        .map(([name, count]) => `${name}:${count}`)
        .join(" "),
    ],
    ...[time(one.firstSeen), time(one.lastSeen), shortId(one.example.session, terminal)],
    [one.kind, one.status, one.message].filter(Boolean).join(" "),
  ]);
  const head = ["COUNT", "GROUP", "PROVIDERS", "FIRST", "LAST", "EXAMPLE", "ERROR"];
  return toTable(head, rows, undefined, terminal.columns);
}
