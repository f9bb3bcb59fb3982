import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { reasonOf } from "../../lib/operator/gateway/reasonOf.ts";
import { untilDeadline } from "../../local/lab/untilDeadline.ts";
import { ChatRoom, type Who } from "../chat/ChatRoom.ts";
import type { Terminal } from "../Terminal.ts";
import { breakProvider, labOf, mendProvider, moveClock } from "../tryOut.ts";

const HELP = [
  ":to NAME                 talk in another conversation",
  ":clock +2h               move the gateway's clock; :clock to-deadline ends this session",
  ":break PROVIDER HOW      down, slow, 401 or 429; :mend PROVIDER",
  ":quit                    or Ctrl-D",
  "Anything else is said; /reset, /new and /memory are the gateway's own.",
].join("\n");

/** `vesper chat`: a prompt that stays, and what happens to the sessions as it happens. */
export function chat(parent: Command, terminal: Terminal): void {
  parent
    .command("chat")
    .description("talk to the gateway in several conversations; shows sessions, deliveries and memories as they happen")
    .option("--conversation <id>", "which conversation to begin with", "cli")
    .option("--user <id>", "who says it", "cli")
    .option("--platform <name>", "as a platform that npm start simulates would (default: as any program, by http)")
    .action(async ({ conversation, ...who }: { readonly conversation: string } & Who) => {
      const target = parent.optsWithGlobals<Target>();
      using gateway = await connect(terminal, target);
      const config = await loadConfig(gateway.address.configPath);
      using prompt = await terminal.openPrompt?.();
      if (!prompt) throw new CommandFailed("chat needs an input to read from: use vesper say");
      using room = new ChatRoom(gateway, config, who, (line) => prompt.print(line));
      let name = conversation;

      /** One command of the prompt's own. @returns what to tell */
      const command = async (word: string, args: readonly string[]): Promise<string> => {
        const [first = "", second = ""] = args;
        if (word === "to" && first) {
          name = first;
          return `in conversation ${name}`;
        }
        const lab = () => labOf(terminal.env, target);
        if (word === "clock")
          return moveClock(lab(), first, () => untilDeadline(gateway.services, sessionOf(room, name)));
        if (word === "break") return breakProvider(lab(), first, second);
        if (word === "mend") return mendProvider(lab(), first);
        return HELP;
      };

      prompt.print("Type a message, or :help");
      prompt.ask(`${name}> `);
      for await (const line of prompt.lines) {
        const text = line.trim();
        const [word = "", ...args] = text.slice(1).split(/\s+/);
        if (text === ":quit") break;
        try {
          if (text.startsWith(":")) prompt.print(await command(word, args));
          else if (text) await room.say(name, text);
        } catch (error) {
          const reason = reasonOf(error, terminal.env, target);
          if (reason === undefined) throw error;
          prompt.print(`vesper: ${reason}`);
        }
        prompt.ask(`${name}> `);
      }
    });
}

function sessionOf(room: ChatRoom, name: string) {
  const session = room.session(name);
  if (session) return session;
  throw new CommandFailed(`the conversation ${name} has no session yet: say something first`);
}
