import { type Command, Option } from "commander";
import { hookView } from "../../lib/operator/HookView.ts";
import { type HookFilter, listHooks } from "../../lib/operator/listHooks.ts";
import { connect } from "../connect.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { limitOption } from "../options/limitOption.ts";
import { hookTable } from "../output/hookTable.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import { refuseUnknown } from "../refuseUnknown.ts";
import type { Target } from "../Target.ts";
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
      const target = parent.optsWithGlobals<Target>();
      using gateway = await connect(terminal, target);
      const { hooks, unread } = await listHooks(gateway.services, filter);
      warnOfUnread(terminal, unread);
      const { provider } = filter;
      if (provider !== undefined && hooks.length + unread.length === 0) {
        await refuseUnknown(terminal, target, gateway, "provider", provider);
      }
      if (json) return terminal.write(toJson(hooks.map(hookView)));
      const text = hooks.length > 0 ? hookTable(hooks, terminal.clock.now(), painter(terminal)) : "no hooks";
      terminal.write(text);
    });
}
