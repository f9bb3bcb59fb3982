import type { Command } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { bulk } from "../bulk.ts";
import { type BulkOptions, bulkOptions } from "../options/bulkOptions.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import type { Terminal } from "../Terminal.ts";

interface Options extends BulkOptions {
  readonly provider?: string;
  readonly all?: true;
  readonly undo?: true;
}

/** `vesper hooks discard`: gives dead, pending or accepted hooks up, or takes that back. */
export function hooksDiscard(parent: Command, terminal: Terminal): void {
  const command = bulkOptions(
    parent
      .command("discard")
      .description(
        "give dead hooks up (or with status:pending or status:accepted those that wait): they keep no transcript any more; takes --reason; shows its plan first",
      )
      .addArgument(filterArgument("provider:crm group:ab12cd34 id:8GX2"))
      .option("--provider <name>", "only hooks of this provider")
      .option("--all", "every dead hook")
      .option("--undo", "take it back: they are dead, pending or accepted, as before"),
  );
  command.action((words: readonly string[], options: Options) => {
    const { provider, all, undo } = options;
    if (words.length === 0 && provider === undefined && !all) {
      command.error("error: say which hooks: a filter, --provider, or --all");
    }
    if (!undo && options.yes && !options.reason?.trim()) command.error("error: discarding takes --reason");
    const filter = filterOf(words, { provider });
    const verb = undo ? "restore" : "discard";
    return bulk(terminal, parent.optsWithGlobals<Target>(), { verb, filter }, options);
  });
}
