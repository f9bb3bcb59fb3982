import type { Command } from "commander";
import { remembered } from "../../lib/domain/memorySwitch.ts";
import type { Turn } from "../../lib/domain/Turn.ts";
import { resolveSession, type ShownSession, showSession, UnknownSession } from "../../lib/operator/findSession.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { plain, singleLine, when } from "../../lib/operator/plain.ts";
import { sessionDetails } from "../../lib/operator/SessionDetails.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { hookTable } from "../output/hookTable.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper sessions show`: the transcript, and what became of it at each provider. */
export function sessionsShow(parent: Command, terminal: Terminal): void {
  parent
    .command("show")
    .description("show a session: transcript, hooks, receipts, failures")
    .argument("<session>", "the session's id, or the end of it")
    .addOption(jsonOption())
    .action(async (id: string, { json }: { json?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const { session } = await resolveSession(gateway.services, id);
      const shown = await showSession(gateway.services, session);
      if (!shown) throw new UnknownSession(id);
      terminal.write(json ? toJson(sessionDetails(shown)) : describe(shown, terminal));
    });
}

function describe(shown: ShownSession, terminal: Terminal): string {
  const { session, live, turns, hooks } = shown;
  const now = terminal.clock.now();
  const { chat } = session;
  const facts = [
    ["session", session.session],
    ["conversation", session.conversation],
    [
      "platform",
      `${session.platform}, ${chat.type} ${chat.id}${chat.thread === undefined ? "" : ` in ${chat.thread}`}`,
    ],
    ["started", `${when(session.startedAt, now)} (${new Date(session.startedAt).toISOString()})`],
    ["status", statusOf(shown, now)],
    ["origin", session.origin],
    ...(live?.memoryOff ? [["memory off", live.memoryOff.join(", ")]] : []),
    ["turns", String(session.turns ?? turns.filter(({ kind }) => kind === "turn").length)],
  ].map(([name = "", value = ""]) => `${name.padEnd(12)}  ${singleLine(value)}`);
  const paint = painter(terminal);
  const kept = new Set(remembered(turns));
  const describeOne = (turn: Turn) => describeTurn(turn, turn.kind === "command" || kept.has(turn));
  const parts = [
    facts.join("\n"),
    turns.length > 0 ? turns.map(describeOne).join("\n") : "no turns",
    hooks.length > 0 ? hookTable(hooks, terminal, paint) : noHooks(shown),
  ];
  return parts.join("\n\n");
}

function statusOf({ session, live }: ShownSession, now: number): string {
  if (session.status === "ended") return `ended ${when(session.endedAt, now)}: ${session.reason ?? "no reason known"}`;
  if (!live) return "open, but its conversation has let go of it: it is sealed within minutes";
  if (live.expiresAt === undefined) return "open, without a deadline";
  return `open, ends ${when(live.expiresAt * 1000, now)} (${live.expiresWhy ?? "idle"})`;
}

function noHooks({ session }: ShownSession): string {
  return session.status === "open" ? "no hooks before it ends" : "no hooks: no memory provider was configured";
}

function describeTurn(turn: Turn, isRemembered: boolean): string {
  const { text, command, origin, notice, reply, repliedAt = turn.at } = turn;
  const lines: string[] = [];
  const speaker = origin === "scheduled" ? "schedule" : userMark(turn);
  if (command !== undefined) lines.push(line(turn.at, speaker, `/${command}`));
  else if (text !== undefined) lines.push(line(turn.at, speaker, text));
  if (notice !== undefined) lines.push(line(repliedAt, "notice", notice));
  if (reply !== undefined) lines.push(line(repliedAt, turn.status === "failed" ? "agent failed" : "agent", reply));
  if (turn.undelivered) lines.push(line(turn.undelivered.at, "undelivered", describeMissing(turn.undelivered)));
  if (!isRemembered) lines.push(line(repliedAt, "memory off", "no provider gets this turn"));
  return lines.join("\n");
}

/**
 * Whoever wrote it: "user" and the name in quotation marks, which are taken out of the name. So no name reads as another
 * role, ends before its end, or goes on into the words.
 */
function userMark({ user }: Turn): string {
  const name = singleLine(user?.name ?? user?.id ?? "").replaceAll('"', "'");
  return name === "" ? "user" : `user "${name}"`;
}

/** Why it did not arrive, what came of it since, and the missing words, where the reply above is without them. */
function describeMissing({ kind, pieces, arrivedAt, discarded }: NonNullable<Turn["undelivered"]>): string {
  const since = arrivedAt !== undefined ? ", arrived later" : discarded ? `, discarded: ${discarded.reason}` : "";
  return [`${kind}${since}`, ...pieces.flatMap(({ text }) => text ?? [])].join("\n");
}

/** The role comes first. Further lines of a text are indented, so that no text can pass for a turn. */
function line(at: number, speaker: string, text: string): string {
  const time = new Date(at).toISOString().slice(0, 19).replace("T", " ");
  const words = plain(text)
    .trimEnd()
    .replaceAll("\n", `\n${" ".repeat(time.length + 2)}| `);
  return `${time}  ${speaker}: ${words}`;
}
