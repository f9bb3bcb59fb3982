import { type Command, Option } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { plain } from "../../lib/operator/plain.ts";
import { converse, type Heard, type Said } from "../converse.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { waitOption } from "../options/waitOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

interface SayOptions extends Omit<Said, "text"> {
  /** Milliseconds. */
  readonly wait: number;
  readonly json?: true;
}

/** `vesper say`: a message through the front door, and the reply that was stored for it, or has reached a simulated chat. */
export function say(parent: Command, terminal: Terminal): void {
  parent
    .command("say")
    .description("post a message to the gateway and print the reply")
    .argument("<text>", "what to say; /new and the other commands work")
    .option("--platform <name>", "as a platform that npm start simulates would (default: as any program, by http)")
    .option("--conversation <id>", "which conversation", "cli")
    .option("--user <id>", "who says it (default: cli)")
    .addOption(new Option("--chat-type <type>", "what kind of chat").choices(["dm", "group", "thread"]).default("dm"))
    .addOption(new Option("--origin <origin>", "a person, or a schedule").choices(["chat", "scheduled"]))
    .addOption(
      new Option("--role <role>", "a user's message, or one of the agent's own").choices(["user", "assistant"]),
    )
    .addOption(waitOption("how long to wait for the reply", "10s"))
    .addOption(jsonOption())
    .action(async (text: string, options: SayOptions) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const config = await loadConfig(gateway.address.configPath);
      const { user = options.role === "assistant" ? undefined : "cli", wait, ...rest } = options;
      const found = await converse(gateway, config, { ...rest, text, ...(user === undefined ? {} : { user }) }, wait);
      terminal.write(options.json ? toJson(report(found)) : describe(found, options));
      if (found.turn.status === "failed") throw new CommandFailed("the agent failed at it: see the gateway's log");
    });
}

function describe({ session, turn, sent }: Heard, { role }: SayOptions): string {
  if (sent && sent.length > 0) return sent.map(({ text }) => plain(text)).join("\n");
  if (sent && turn.reply !== undefined) return "answered, but it did not reach the chat in time: npx vesper replies ls";
  if (role === "assistant" || turn.reply === undefined) return `recorded in session ${session}; nothing was answered`;
  return [turn.notice, turn.reply].flatMap((words) => (words === undefined ? [] : [plain(words)])).join("\n");
}

function report({ session, turn, sent }: Heard) {
  const { messageId, status, notice = null, reply = null } = turn;
  return { session, messageId, status, notice, reply, ...(sent ? { sent } : {}) };
}
