import { type Command, Option } from "commander";
import { connect } from "../../lib/operator/gateway/connect.ts";
import type { Target } from "../../lib/operator/gateway/Target.ts";
import { hookView } from "../../lib/operator/HookView.ts";
import { type HookFilter, listHooks } from "../../lib/operator/listHooks.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { limitOption } from "../options/limitOption.ts";
import { hookTable } from "../output/hookTable.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper hooks ls`: the ledger, newest first. */
export function hooksLs(parent: Command, terminal: Terminal): void {
  parent
    .command("ls")
    .description("list hooks, newest first: pending by their next attempt, the rest by when they were settled")
    .addOption(new Option("--status <status>", "only these").choices(["pending", "delivered", "skipped", "dead"]))
    .option("--provider <name>", "only those of a provider, by its name in the config")
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(async ({ json, ...filter }: HookFilter & { json?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const { hooks, unread } = await listHooks(gateway.services, filter);
      warnOfUnread(terminal, unread);
      if (json) return terminal.write(toJson(hooks.map(hookView)));
      const text = hooks.length > 0 ? hookTable(hooks, terminal.clock.now(), painter(terminal)) : "no hooks";
      terminal.write(text);
    });
}
