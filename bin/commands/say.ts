import { type Command, Option } from "commander";
import { awaitTurn } from "../../lib/operator/awaitTurn.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { httpPlatform } from "../../lib/operator/gateway/httpPlatform.ts";
import { postMessage } from "../../lib/operator/gateway/postMessage.ts";
import type { Target } from "../../lib/operator/gateway/Target.ts";
import { plain } from "../../lib/runtime/plain.ts";
import type { Services } from "../../lib/runtime/Services.ts";
import { conversationKey } from "../../lib/session/conversationKey.ts";
import type { Past } from "../../lib/session/lookBack.ts";
import { readConfig } from "../../local/readConfig.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { waitOption } from "../options/waitOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

const NO_PLATFORM =
  'the config has no http platform to say it to: add http: http({ secret: secret("HTTP_SIGNING_SECRET") }) to platforms';

interface SayOptions {
  readonly conversation: string;
  readonly user?: string;
  readonly chatType: "dm" | "group" | "thread";
  readonly origin?: "chat" | "scheduled";
  readonly role?: "user" | "assistant";
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
      const { services } = gateway;
      const config = await readConfig(gateway.address.configPath);
      const platform = httpPlatform(config);
      if (platform === undefined) throw new CommandFailed(NO_PLATFORM);
      const message = compose(services, text, options);
      const { delivery, at, user } = message;
      await postMessage(gateway, config, { platform, delivery, body: message.body, now: at });
      const chat = { id: options.conversation, type: options.chatType };
      const conversation = conversationKey(config, platform, { chat, ...(user ? { user } : {}) });
      const found = await awaitTurn(services, conversation, { delivery, at }, at + options.wait);
      if (!found) {
        throw new CommandFailed(
          `accepted as ${delivery}, but no turn within ${options.wait} ms: wait longer with --wait, or see the log`,
        );
      }
      terminal.write(options.json ? toJson(report(found)) : describe(found, options));
      if (found.turn.status === "failed") throw new CommandFailed("the agent failed at it: see the gateway's log");
    });
}

function compose({ newId, clock }: Pick<Services, "newId" | "clock">, text: string, options: SayOptions) {
  const { conversation, chatType, role, origin } = options;
  const at = clock.now();
  const id = options.user ?? (role === "assistant" ? undefined : "cli");
  const user = id === undefined ? undefined : { id };
  const body = { conversation, user, text, role, sentAt: at, chatType, origin };
  return { delivery: `say-${newId()}`, at, user, body };
}

function describe({ session, turn }: NonNullable<Past["found"]>, { role }: SayOptions): string {
  if (role === "assistant" || turn.reply === undefined) return `recorded in session ${session}; nothing was answered`;
  return [turn.notice, turn.reply].flatMap((words) => (words === undefined ? [] : [plain(words)])).join("\n");
}

function report({ session, turn }: NonNullable<Past["found"]>) {
  const { delivery, status, notice = null, reply = null } = turn;
  return { session, delivery, status, notice, reply };
}
