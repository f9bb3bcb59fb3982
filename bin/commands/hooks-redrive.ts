import type { Command } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { bulk } from "../bulk.ts";
import { type BulkOptions, bulkOptions } from "../options/bulkOptions.ts";
import { filterOf } from "../options/filterArgument.ts";
import { redriveNamed } from "../redriveNamed.ts";
import type { Terminal } from "../Terminal.ts";

interface Options extends BulkOptions {
  readonly provider?: string;
  readonly all?: true;
}

/** `vesper hooks redrive`: says what it would do, and does it when told so. */
export function hooksRedrive(parent: Command, terminal: Terminal): void {
  const command = bulkOptions(
    parent
      .command("redrive")
      .description("send dead hooks through the queue again; always says first how many and which")
      .argument(
        "[what...]",
        "a session and perhaps a provider, or a filter such as provider:crm group:ab12cd34; one hook named so needs no --yes",
      )
      .option("--provider <name>", "only hooks of this provider")
      .option("--all", "every dead hook"),
  );
  command.action(async (what: readonly string[], options: Options) => {
    const words = what.filter((word) => !word.includes(":"));
    const terms = what.filter((word) => word.includes(":"));
    const [session, named, ...rest] = words;
    const provider = named ?? options.provider;
    if (rest.length > 0) command.error(`error: too many arguments: ${rest.join(" ")}`);
    if (named !== undefined && options.provider !== undefined && named !== options.provider) {
      command.error(`error: two providers are named, ${named} and ${options.provider}`);
    }
    if (what.length === 0 && provider === undefined && !options.all) {
      command.error("error: say which hooks: a session, a filter, --provider, or --all");
    }
    if (session !== undefined && options.all) command.error("error: --all does not go with a session");
    if (session !== undefined && terms.length > 0) command.error("error: a filter does not go with a session: use id:");
    const target = parent.optsWithGlobals<Target>();
    if (session !== undefined) return redriveNamed(terminal, target, { session, provider }, options);
    await bulk(terminal, target, { verb: "redrive", filter: filterOf(terms, { provider }) }, options);
  });
}
