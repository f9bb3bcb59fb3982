import type { Command } from "commander";
import { MAX_TEXT_BYTES } from "../../lib/adapter/text/truncate.ts";
import { recordAudit } from "../../lib/operator/audit.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { speakIn } from "../../lib/operator/speakIn.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { waitOption } from "../options/waitOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

interface SendOptions {
  /** Milliseconds. */
  readonly wait: number;
  readonly json?: true;
}

/** `vesper send`: the agent speaks of its own accord, in a conversation of any platform. */
export function send(parent: Command, terminal: Terminal): void {
  const command = parent
    .command("send")
    .description("have the agent say something in a conversation of any platform, recorded as its own turn")
    .argument("<conversation>", "as npx vesper sessions ls shows it, such as default/telegram/4711//")
    .argument("<text>", "what it says, in the agent's Markdown")
    .addOption(waitOption("how long to wait for its turn", "10s"))
    .addOption(jsonOption())
    .action(async (conversation: string, text: string, { wait, json }: SendOptions) => {
      if (text.trim() === "" || Buffer.byteLength(text) > MAX_TEXT_BYTES) {
        command.error(`error: give a text that is not blank, of at most ${MAX_TEXT_BYTES} bytes`);
      }
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const { services, queues } = gateway;
      await recordAudit(services, { who: await gateway.caller(), action: "send", target: conversation });
      const { session, turn } = await speakIn(services, queues.inbound, conversation, text, wait);
      if (json) terminal.write(toJson({ session, messageId: turn.messageId }));
      else terminal.write(`recorded in session ${session}, and on its way; what fails: npx vesper replies ls`);
    });
}
