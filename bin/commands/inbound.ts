import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { parseDlqFilter } from "../../lib/operator/filter/parseFilter.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import type { DlqMessage } from "../../lib/operator/inbound/DlqMessage.ts";
import { type DlqMessages, listDlqMessages } from "../../lib/operator/inbound/dlqMessages.ts";
import { when } from "../../lib/operator/plain.ts";
import { bulk } from "../bulk.ts";
import { type BulkOptions, bulkOptions } from "../options/bulkOptions.ts";
import { filterOf } from "../options/filterArgument.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";

/** Which messages, beside the filter. */
interface Options {
  readonly platform?: string;
  readonly user?: string;
}

/** `vesper inbound`: messages that could not be answered. */
export function inbound(parent: Command, terminal: Terminal): void {
  const noun = parent
    .command("inbound")
    .description("messages that could not be answered: the inbound dead-letter queue");
  const target = () => parent.optsWithGlobals<Target>();
  const command = (name: string, description: string) =>
    noun
      .command(name)
      .description(description)
      .argument("[filter...]", "such as platform:telegram user:42 age:>2h, or how the message's id begins")
      .option("--platform <name>", "only those of a platform")
      .option("--user <id>", "only those of a user");
  const filter = (words: readonly string[], { platform, user }: Options) =>
    filterOf(
      words.map((word) => (word.includes(":") ? word : `id:${word}`)),
      { platform, user },
    );

  command("ls", "list and explain them; all are visible again afterwards")
    .addOption(jsonOption())
    .action(async (words: readonly string[], options: Options & { readonly json?: true }) => {
      const query = parseDlqFilter(filter(words, options), terminal.clock.now());
      using gateway = await connect(terminal, target());
      const { services, queues, address } = gateway;
      const dlqMessages = await listDlqMessages(
        { services, queues, config: await loadConfig(address.configPath) },
        query,
      );
      if (options.json) terminal.write(toJson(dlqMessages.dlqMessages));
      else terminal.write(describe(dlqMessages, terminal));
    });

  for (const [name, verb, does] of [
    ["redrive", "redrive-inbound", "move them back to the inbound queue, in order; shows its plan first"],
    ["discard", "discard-inbound", "delete them for good; takes --reason; shows its plan first"],
  ] as const) {
    const made = bulkOptions(command(name, does), { canary: false }).option("--all", "every one");
    made.action((words: readonly string[], options: BulkOptions & Options & { readonly all?: true }) => {
      const { platform, user, all, reason } = options;
      if (words.length === 0 && [platform, user, all].every((one) => one === undefined))
        made.error("error: say which: a filter, an id, --platform, --user, or --all");
      if (verb === "discard-inbound" && options.yes && !reason?.trim()) made.error("error: discarding takes --reason");
      return bulk(terminal, target(), { verb, filter: filter(words, options) }, options);
    });
  }
}

function describe({ dlqMessages, total }: DlqMessages, terminal: Terminal): string {
  if (dlqMessages.length === 0) return "no such messages";
  const now = terminal.clock.now();
  const row = (one: DlqMessage) => [
    ...[
      one.id.slice(0, 8),
      one.platform ?? "",
      one.user ?? "",
      one.acceptedAt === null ? "" : when(Date.parse(one.acceptedAt), now),
    ],
    ...[one.text ?? "", one.why],
  ];
  const table = toTable(
    ["ID", "PLATFORM", "USER", "ACCEPTED", "TEXT", "WHY"],
    dlqMessages.map(row),
    undefined,
    terminal.columns,
  );
  const more = total - dlqMessages.length;
  return more > 0
    ? `${table}\n${total} are there in all; of a conversation only the first ten can be seen together`
    : table;
}
