import type { Command } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { bulk } from "../bulk.ts";
import { type BulkOptions, bulkOptions } from "../options/bulkOptions.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper hooks forward`: pending hooks are tried now, not at their next attempt, and accepted ones asked for. */
export function hooksForward(parent: Command, terminal: Terminal): void {
  bulkOptions(
    parent
      .command("forward")
      .description(
        "try pending hooks now, as when a provider is back after a long outage, or with status:accepted ask what became of those; shows its plan first",
      )
      .addArgument(filterArgument("provider:crm"))
      .option("--provider <name>", "only hooks of this provider"),
  ).action((words: readonly string[], options: BulkOptions & { readonly provider?: string }) =>
    bulk(
      terminal,
      parent.optsWithGlobals<Target>(),
      { verb: "forward", filter: filterOf(words, { provider: options.provider }) },
      options,
    ),
  );
}
