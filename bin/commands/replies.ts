import type { Command } from "commander";
import type { FailedReply } from "../../lib/domain/FailedReply.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { listFailedReplies } from "../../lib/operator/failedReplies.ts";
import { parseReplyFilter } from "../../lib/operator/filter/parseFilter.ts";
import { isReplyMeant, type ReplyQuery } from "../../lib/operator/filter/queries.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { when } from "../../lib/operator/plain.ts";
import type { UnreadRow } from "../../lib/operator/readRows.ts";
import { isoTime } from "../../lib/operator/views.ts";
import { whyUndelivered } from "../../lib/operator/whyUndelivered.ts";
import { keyTail } from "../../lib/store/keys.ts";
import type { ReadServices } from "../../lib/store/readItems.ts";
import { bulk } from "../bulk.ts";
import { type BulkOptions, bulkOptions } from "../options/bulkOptions.ts";
import { filterOf } from "../options/filterArgument.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { shortId } from "../output/shortId.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import type { Terminal } from "../Terminal.ts";

/** Replies of one page of the list. */
const PAGE = 100;

interface Options {
  readonly platform?: string;
  readonly json?: true;
}

/** `vesper replies`: replies that did not arrive. */
export function replies(parent: Command, terminal: Terminal): void {
  const noun = parent.command("replies").description("replies that did not arrive, and were left to an operator");
  const target = () => parent.optsWithGlobals<Target>();
  const command = (name: string, description: string) =>
    noun
      .command(name)
      .description(description)
      .argument("[filter...]", "such as platform:telegram kind:throttled age:>2h, or a session: the end of its id")
      .option("--platform <name>", "only those of a platform");

  command("ls", "list them, those of the newest message first")
    .addOption(jsonOption())
    .action(async (words: readonly string[], { platform, json }: Options) => {
      const filter = filterOf(words.map(asTerm), { platform });
      using gateway = await connect(terminal, target());
      const found = await read(terminal, gateway.services, parseReplyFilter(filter, terminal.clock.now()));
      if (found.length === 0 && words.length > 0)
        throw new CommandFailed(`no failed reply of "${words.join(" ")}": npx vesper replies ls`);
      if (json) return terminal.write(toJson(found.map(view)));
      terminal.write(describe(found, terminal));
    });

  for (const [name, verb, does] of [
    ["send", "send-replies", "send them again, each conversation's in order; shows its plan first"],
    ["discard", "discard-replies", "take them off the list: nobody wants them any more; takes --reason"],
  ] as const) {
    const made = bulkOptions(command(name, does), { canary: verb === "send-replies" }).option("--all", "every one");
    made.action((words: readonly string[], options: BulkOptions & { platform?: string; all?: true }) => {
      const { platform, all, reason } = options;
      if (words.length === 0 && platform === undefined && !all)
        made.error("error: say which: a filter, a session, --platform, or --all");
      if (verb === "discard-replies" && options.yes && !reason?.trim()) made.error("error: discarding takes --reason");
      return bulk(terminal, target(), { verb, filter: filterOf(words.map(asTerm), { platform }) }, options);
    });
  }
}

/** A word alone is a session. */
function asTerm(word: string): string {
  return word.includes(":") ? word : `id:${word}`;
}

async function read(terminal: Terminal, services: ReadServices, query: ReplyQuery): Promise<readonly FailedReply[]> {
  const found: FailedReply[] = [];
  const unread: UnreadRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await listFailedReplies(services, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    found.push(...page.replies.filter((reply) => isReplyMeant(query, reply)));
    unread.push(...page.unread);
    cursor = page.cursor;
  } while (cursor !== undefined);
  warnOfUnread(terminal, unread);
  return found;
}

/** A failed reply as programs read it. A contract: keys are added, never changed. Times in ISO 8601. */
function view({ pk, conversation, messageId, at, reply, undelivered }: FailedReply) {
  return {
    ...{ session: keyTail(pk), conversation, messageId, platform: undelivered.platform, kind: undelivered.kind },
    reply: reply ?? null,
    ...{ writtenAt: isoTime(at), failedAt: isoTime(undelivered.at), resentAt: isoTime(undelivered.resentAt) },
    sendUntil: isoTime(undelivered.replyUntil),
  };
}

function describe(found: readonly FailedReply[], terminal: Terminal): string {
  if (found.length === 0) return "no failed replies";
  const now = terminal.clock.now();
  const rows = found.map(({ pk, conversation, reply = "", undelivered }) => [
    ...[
      shortId(keyTail(pk), terminal),
      undelivered.platform,
      conversation,
      whyUndelivered(undelivered, now),
      when(undelivered.at, now),
    ],
    ...[when(undelivered.resentAt, now), reply],
  ]);
  const head = ["SESSION", "PLATFORM", "CONVERSATION", "KIND", "FAILED", "SENT AGAIN", "REPLY"];
  return toTable(head, rows, undefined, terminal.columns);
}
