import type { Command } from "commander";
import type { FailedReply } from "../../lib/domain/FailedReply.ts";
import { recordAudit } from "../../lib/operator/audit.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { discardReply, listFailedReplies, resendReply } from "../../lib/operator/failedReplies.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { when } from "../../lib/operator/plain.ts";
import type { ReadServices, UnreadRow } from "../../lib/operator/readRows.ts";
import { isoTime } from "../../lib/operator/views.ts";
import { mapConcurrently } from "../../lib/runtime/async.ts";
import { keyTail } from "../../lib/store/keys.ts";
import { type Agreement, isAgreed } from "../confirm.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { shortId } from "../output/shortId.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import type { Terminal } from "../Terminal.ts";

/** Replies of one page of the list. */
const PAGE = 100;

/** Replies acted on at once. */
const CONCURRENCY = 10;

type Options = Agreement & { readonly platform?: string; readonly all?: true; readonly reason?: string };

/** `vesper replies`: replies that did not arrive. */
export function replies(parent: Command, terminal: Terminal): void {
  const noun = parent.command("replies").description("replies that did not arrive, and were left to an operator");
  const target = () => parent.optsWithGlobals<Target>();
  const command = (name: string, description: string) =>
    noun
      .command(name)
      .description(description)
      .argument("[session]", "only those of a session: the end of its id")
      .option("--platform <name>", "only those of a platform")
      .addOption(jsonOption());

  command("ls", "list them, those of the newest message first").action(
    async (session: string | undefined, options: Options) => {
      using gateway = await connect(terminal, target());
      const found = await read(terminal, gateway.services, session, options);
      if (options.json) return terminal.write(toJson(found.map(view)));
      terminal.write(describe(found, terminal));
    },
  );

  for (const [verb, does] of [
    ["send", "send them again"],
    ["discard", "take them off the list: nobody wants them any more; takes --reason"],
  ] as const) {
    const made = command(verb, does)
      .option("--all", "every one")
      .option("--yes", "do it")
      .option("--dry-run", "only say which")
      .option("--reason <why>", "why, for the audit log");
    made.action(async (session: string | undefined, options: Options) => {
      const { platform, all, reason = "", json } = options;
      if ([session, platform, all].every((one) => one === undefined))
        made.error("error: say which: a session, --platform, or --all");
      if (verb === "discard" && reason.trim() === "" && !options.dryRun) made.error("error: discarding takes --reason");
      using gateway = await connect(terminal, target());
      const { services, queues } = gateway;
      const found = await read(terminal, services, session, options);
      if (!json) terminal.write(describe(found, terminal));
      const acts = found.length > 0 && (await isAgreed(terminal, `${verb} ${found.length}?`, options));
      const done: FailedReply[] = [];
      if (acts) {
        const about = {
          who: await gateway.caller(),
          action: `replies ${verb}`,
          target: [session, platform].filter(Boolean).join(" ") || "all",
        };
        await recordAudit(services, { ...about, ...(reason === "" ? {} : { why: reason }) });
        await mapConcurrently(found, CONCURRENCY, async (reply) => {
          const isDone =
            verb === "send"
              ? await resendReply(services, queues.inbound, reply)
              : await discardReply(services, reply, reason);
          if (isDone) done.push(reply);
        });
      }
      if (json) terminal.write(toJson({ acted: acts, replies: (acts ? done : found).map(view) }));
      else if (acts) terminal.write(`${done.length} ${verb === "send" ? "on their way" : "discarded"}`);
    });
  }
}

async function read(
  terminal: Terminal,
  services: ReadServices,
  session: string | undefined,
  { platform }: Options,
): Promise<readonly FailedReply[]> {
  const found: FailedReply[] = [];
  const unread: UnreadRow[] = [];
  let cursor: string | undefined;
  do {
    const about = { ...(platform === undefined ? {} : { platform }), ...(cursor === undefined ? {} : { cursor }) };
    const page = await listFailedReplies(services, { limit: PAGE, ...about });
    found.push(...page.replies);
    unread.push(...page.unread);
    cursor = page.cursor;
  } while (cursor !== undefined);
  warnOfUnread(terminal, unread);
  const tail = session?.replace(/^(…|\.{2,3})/, "").toUpperCase();
  const own = found.filter(({ pk }) => tail === undefined || pk.endsWith(tail));
  if (session !== undefined && own.length === 0)
    throw new CommandFailed(`no failed reply of "${session}": npx vesper replies ls`);
  return own;
}

/** A failed reply as programs read it. A contract: keys are added, never changed. Times in ISO 8601. */
function view({ pk, conversation, messageId, at, reply, undelivered }: FailedReply) {
  return {
    ...{ session: keyTail(pk), conversation, messageId, platform: undelivered.platform, kind: undelivered.kind },
    reply: reply ?? null,
    ...{ writtenAt: isoTime(at), failedAt: isoTime(undelivered.at), resentAt: isoTime(undelivered.resentAt) },
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
      undelivered.kind,
      when(undelivered.at, now),
    ],
    ...[when(undelivered.resentAt, now), reply],
  ]);
  const head = ["SESSION", "PLATFORM", "CONVERSATION", "KIND", "FAILED", "SENT AGAIN", "REPLY"];
  return toTable(head, rows, undefined, terminal.columns);
}
