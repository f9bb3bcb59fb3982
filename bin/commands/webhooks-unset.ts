import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper webhooks unset`: tells a platform to call no address, so that a gateway on this machine may fetch from it. */
export function webhooksUnset(parent: Command, terminal: Terminal): void {
  parent
    .command("unset")
    .description("have a platform call no address any more, so that npm start can fetch what users write")
    .argument("<platform>", "its name in the config")
    .action(async (name: string) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const { platforms } = await loadConfig(gateway.address.configPath);
      const platform = Object.hasOwn(platforms, name) ? platforms[name]?.create(gateway.adaptersOf(name)) : undefined;
      if (!platform) {
        throw new CommandFailed(
          `no platform "${name}" in the config: it has ${Object.keys(platforms).join(", ") || "none"}`,
        );
      }
      if (!platform.unregister) throw new CommandFailed(`${name} takes its address only by hand: take it away there`);
      terminal.write(await platform.unregister());
    });
}
