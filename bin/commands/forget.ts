import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { type Forgotten, forgetUser } from "../../lib/operator/forget/forgetUser.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { singleLine } from "../../lib/operator/plain.ts";
import { type Agreement, isAgreed } from "../confirm.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

type ForgetOptions = Agreement & { readonly reason?: string; readonly group?: readonly string[] };

/** `vesper forget`: erases a user everywhere where that is possible, and says where it is not. */
export function forget(parent: Command, terminal: Terminal): void {
  parent
    .command("forget")
    .description(
      "erase what a user wrote, the replies to it, and what is remembered; reads the whole table; shows first what there is",
    )
    .argument("<platform>", "its name in the config")
    .argument("<user>", "the platform's id of the user")
    .option(
      "--group <id...>",
      "a group in which they wrote so long ago that its sessions are purged, to be forgotten by providers, too",
    )
    .option("--yes", "do it")
    .option("--dry-run", "only say what there is")
    .option("--reason <why>", "why, for the audit log")
    .addOption(jsonOption())
    .action(async (platform: string, user: string, options: ForgetOptions) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const { services, queues, adapters, address } = gateway;
      const config = await loadConfig(address.configPath);
      if (!Object.hasOwn(config.platforms, platform)) {
        throw new CommandFailed(
          `no platform "${platform}" in the config: it has ${Object.keys(config.platforms).join(", ") || "none"}`,
        );
      }
      const tools = { services, queues, adapters, config };
      const word = { who: await gateway.caller(), why: options.reason, groups: options.group ?? [] };
      const found = await forgetUser(tools, { platform, user }, { ...word, act: false });
      if (!options.json) terminal.write(describe(found));
      const acts = await isAgreed(terminal, "Erase it?", options);
      const done = acts ? await forgetUser(tools, { platform, user }, { ...word, act: true }) : found;
      if (options.json) terminal.write(toJson(done));
      else if (acts) terminal.write(describe(done));
      const failed = done.providers.filter(({ status }) => status === "failed");
      if (failed.length > 0)
        throw new CommandFailed(`not forgotten by ${failed.map(({ provider }) => provider).join(", ")}`);
    });
}

function describe({
  acted,
  sessions,
  live,
  turns,
  hooksDiscarded,
  hooksKept,
  dlqMessages,
  providers,
}: Forgotten): string {
  const facts = [
    [
      acted ? "erased" : "to erase",
      `${turns} turns in ${sessions} sessions (${live} live), ${dlqMessages} unanswered messages`,
    ],
    [
      "hooks",
      acted
        ? `${hooksDiscarded} given up, ${hooksKept} will deliver what others said`
        : `${hooksKept} not delivered yet`,
    ],
    ...providers.map(({ provider, status, detail }) => [provider, `${status}: ${detail}`]),
  ];
  return facts.map(([name = "", words = ""]) => `${name.padEnd(10)} ${singleLine(words)}`).join("\n");
}
