import { type Command, Option } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { plain } from "../../lib/operator/plain.ts";
import type { Past } from "../../lib/store/lookBack.ts";
import { converse, type Said } from "../converse.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { waitOption } from "../options/waitOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

interface SayOptions extends Omit<Said, "text"> {
  /** Milliseconds. */
  readonly wait: number;
  readonly json?: true;
}

/** `vesper say`: a message through the front door, signed as any program's, and the reply that was stored for it. */
export function say(parent: Command, terminal: Terminal): void {
  parent
    .command("say")
    .description("post a message to the gateway and print the reply")
    .argument("<text>", "what to say; /new and the other commands work")
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

function describe({ session, turn }: NonNullable<Past["found"]>, { role }: SayOptions): string {
  if (role === "assistant" || turn.reply === undefined) return `recorded in session ${session}; nothing was answered`;
  return [turn.notice, turn.reply].flatMap((words) => (words === undefined ? [] : [plain(words)])).join("\n");
}

function report({ session, turn }: NonNullable<Past["found"]>) {
  const { messageId, status, notice = null, reply = null } = turn;
  return { session, messageId, status, notice, reply };
}
