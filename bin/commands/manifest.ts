import { resolve } from "node:path";
import type { Command } from "commander";
import type { AdapterServices } from "../../lib/adapter/AdapterServices.ts";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { jsonLogger } from "../../lib/runtime/jsonLogger.ts";
import { urlOption } from "../options/urlOption.ts";
import type { Terminal } from "../Terminal.ts";
import { whyNotPublic } from "../whyNotPublic.ts";

/** `vesper manifest`: what is pasted where a platform's bots are made. With `--url` no gateway need run yet. */
export function manifest(parent: Command, terminal: Terminal): void {
  parent
    .command("manifest")
    .description("print the settings that a platform takes where its bots are made, with the webhook's address in them")
    .argument("<platform>", "its name in the config")
    .addOption(urlOption())
    .action(async (name: string, { url: given }: { readonly url?: string }) => {
      const target = parent.optsWithGlobals<Target>();
      const { base, configPath } = given === undefined ? await addressOf(terminal, target) : here(terminal, given);
      const { platforms } = await loadConfig(configPath);
      const adapter = Object.hasOwn(platforms, name) ? platforms[name] : undefined;
      if (!adapter) {
        const names = Object.keys(platforms).join(", ") || "none";
        throw new CommandFailed(`no platform "${name}" in the config: it has ${names}`);
      }
      const platform = adapter.create(withoutGateway(terminal));
      if (!platform.manifest) {
        throw new CommandFailed(`${name} takes no manifest: see npx vesper webhooks set, and its page in docs/start`);
      }
      const url = `${base}/${name}`;
      const problem = whyNotPublic(url);
      if (problem !== undefined) {
        throw new CommandFailed(
          `${name} can't call ${url}: ${problem}; give the address of a tunnel, or your own, with --url`,
        );
      }
      terminal.write(platform.manifest(url).trimEnd());
    });
}

function here({ env }: Terminal, base: string) {
  return { base, configPath: resolve(env.VESPER_CONFIG || "vesper.config.ts") };
}

async function addressOf(terminal: Terminal, target: Target) {
  using gateway = await connect(terminal, target);
  return { base: gateway.address.webhookUrl, configPath: gateway.address.configPath };
}

/** A manifest is made of options alone: before there is a gateway, and before there are secrets. */
function withoutGateway({ clock, warn }: Terminal): AdapterServices {
  const fail = () => Promise.reject(new CommandFailed("a manifest is made without a gateway"));
  return {
    ...{ clock, log: jsonLogger(clock, "warn", warn), metrics: { put: () => {} }, aws: {} },
    ...{ http: { send: fail }, secrets: { get: fail }, memories: { put: fail, list: fail, clear: fail } },
  };
}
