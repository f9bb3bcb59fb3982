import type { Command } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { bulk } from "../bulk.ts";
import { type BulkOptions, bulkOptions } from "../options/bulkOptions.ts";
import { filterArgument, filterOf } from "../options/filterArgument.ts";
import type { Terminal } from "../Terminal.ts";

/** Sessions a second unless the operator says otherwise: a provider sees them beside those that end now. */
const PACE = 20;

/** `vesper replay`: past sessions for a provider that did not have them. */
export function replay(parent: Command, terminal: Terminal): void {
  bulkOptions(
    parent
      .command("replay")
      .description("deliver past sessions to a memory provider that did not have them; shows its plan first")
      .argument("<provider>", "its name in the config")
      .addArgument(filterArgument("since:2026-11-01 until:2026-11-20 platform:telegram"))
      .option("--again", "also sessions that it has acknowledged: it had them under a wrong key, say"),
  ).action((provider: string, words: readonly string[], options: BulkOptions & { readonly again?: true }) => {
    const scope = {
      verb: "replay",
      filter: filterOf(words),
      provider,
      ...(options.again ? { again: true } : {}),
    } as const;
    return bulk(terminal, parent.optsWithGlobals<Target>(), scope, { ...options, rate: options.rate ?? PACE });
  });
}
