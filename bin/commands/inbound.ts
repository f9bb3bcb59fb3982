import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import type { InboundLetter } from "../../lib/operator/inbound/InboundLetter.ts";
import {
  discardLetters,
  type LetterQuery,
  type Letters,
  listLetters,
  redriveLetters,
} from "../../lib/operator/inbound/letters.ts";
import { when } from "../../lib/operator/plain.ts";
import { type Agreement, isAgreed } from "../confirm.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";

/** Which messages, and whether to act. */
type Options = Omit<LetterQuery, "id"> & Agreement & { readonly reason?: string; readonly all?: true };

/** `vesper inbound`: messages that could not be answered. */
export function inbound(parent: Command, terminal: Terminal): void {
  const noun = parent
    .command("inbound")
    .description("messages that could not be answered: the inbound dead-letter queue");
  const command = (name: string, description: string) =>
    noun
      .command(name)
      .description(description)
      .argument("[id]", "how the message's id begins")
      .option("--platform <name>", "only those of a platform")
      .option("--user <id>", "only those of a user")
      .addOption(jsonOption());
  const acting = (made: Command) =>
    made
      .option("--all", "every one")
      .option("--yes", "do it")
      .option("--dry-run", "only say which")
      .option("--reason <why>", "why, for the audit log");

  command("ls", "list and explain them; all are visible again afterwards").action(
    (id: string | undefined, options: Options) =>
      withLetters(terminal, parent, { ...options, id }, async (letters) => {
        if (options.json) terminal.write(toJson(letters.letters));
        else terminal.write(describe(letters, terminal));
      }),
  );

  for (const [verb, does, act] of [
    ["redrive", "move them back to the inbound queue, in order", redriveLetters],
    ["discard", "delete them for good; takes --reason", discardLetters],
  ] as const) {
    const made = acting(command(verb, does));
    made.action((id: string | undefined, options: Options) => {
      const { platform, user, all, reason, json } = options;
      if ([id, platform, user, all].every((one) => one === undefined))
        made.error("error: say which: an id, --platform, --user, or --all");
      if (verb === "discard" && !reason?.trim() && !options.dryRun) made.error("error: discarding takes --reason");
      return withLetters(terminal, parent, { ...options, id }, async (letters, tools, gateway) => {
        if (!json) terminal.write(describe(letters, terminal));
        if (letters.letters.length === 0 && id !== undefined)
          throw new CommandFailed(`no message "${id}" is there: npx vesper inbound ls`);
        const isDone =
          letters.letters.length > 0 && (await isAgreed(terminal, `${verb} ${letters.letters.length}?`, options));
        const word = { who: await gateway.caller(), why: reason ?? "" };
        const done = isDone ? await act(tools, { id, platform, user }, word) : [];
        if (json) terminal.write(toJson({ acted: isDone, letters: isDone ? done : letters.letters }));
        else if (isDone) terminal.write(`${done.length} ${verb === "redrive" ? "moved back" : "discarded"}`);
      });
    });
  }
}

type Tools = Parameters<typeof listLetters>[0];
type Gateway = Awaited<ReturnType<typeof connect>>;

async function withLetters(
  terminal: Terminal,
  parent: Command,
  query: LetterQuery,
  work: (letters: Letters, tools: Tools, gateway: Gateway) => Promise<void>,
): Promise<void> {
  using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
  const { services, queues, address } = gateway;
  const tools = { services, queues, config: loadConfig(address.configPath) };
  const { id, platform, user } = query;
  await work(await listLetters(tools, { id, platform, user }), tools, gateway);
}

function describe({ letters, total }: Letters, terminal: Terminal): string {
  if (letters.length === 0) return "no such messages";
  const now = terminal.clock.now();
  const row = (one: InboundLetter) => [
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
    letters.map(row),
    undefined,
    terminal.columns,
  );
  const more = total - letters.length;
  return more > 0
    ? `${table}\n${total} are there in all; of a conversation only the first ten can be seen together`
    : table;
}
