import { type Command, Option } from "commander";
import { parseHookFilter } from "../../lib/operator/filter/parseFilter.ts";
import { HOOK_STATUSES } from "../../lib/operator/filter/queries.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { listHooks } from "../../lib/operator/listHooks.ts";
import { hookView } from "../../lib/operator/views.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import { type PageOptions, pageOptions } from "../options/pageOptions.ts";
import { hookTable } from "../output/hookTable.ts";
import { painter } from "../output/painter.ts";
import { readPages } from "../output/readPages.ts";
import { toJson } from "../output/toJson.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { Terminal } from "../Terminal.ts";

interface Options extends PageOptions {
  readonly status?: string;
  readonly provider?: string;
}

/** `vesper hooks ls`: the ledger, newest first. */
export function hooksLs(parent: Command, terminal: Terminal): void {
  pageOptions(
    parent
      .command("ls")
      .description(
        "list hooks, newest first: dead ones by their death, pending and accepted ones by when they are looked at next, all by their session's end",
      )
      .addArgument(filterArgument("status:dead provider:crm age:>2h"))
      .addOption(new Option("--status <status>", "short for status:").choices(HOOK_STATUSES))
      .option("--provider <name>", "short for provider:, its name in the config"),
  ).action(async (words: readonly string[], options: Options) => {
    const { status, provider } = options;
    const query = parseHookFilter(filterOf(words, { status, provider }), terminal.clock.now());
    const target = parent.optsWithGlobals<Target>();
    using gateway = await connect(terminal, target);
    const read = async (paging: Parameters<Parameters<typeof readPages>[2]>[0]) => {
      const { hooks, ...rest } = await listHooks(gateway.services, { ...query, ...paging });
      return { ...rest, items: hooks };
    };
    const { items, next, isEmpty } = await readPages(terminal, options, read, hookView);
    if (isEmpty) await refuseUnknown(terminal, target, gateway, query);
    if (options.ndjson) return;
    if (options.json) return terminal.write(toJson(items.map(hookView)));
    terminal.write(items.length > 0 ? hookTable(items, terminal, painter(terminal)) : "no hooks");
    if (next !== undefined) terminal.warn(`more: --cursor ${next}`);
  });
}
