import { dirname } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { openConsole } from "../../console/openConsole.ts";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { stackPath, type Target } from "../../lib/operator/gateway/address.ts";
import { Lab } from "../../local/lab/Lab.ts";
import { explain } from "../explain.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper console`: the operators' page, for the gateway on this machine or a deployed one. */
export function consoleCommand(parent: Command, terminal: Terminal): void {
  parent
    .command("console")
    .description("serve the operators' page on this machine until Ctrl-C, and print a link that opens it once")
    .addOption(
      new Option("--port <port>", "where on 127.0.0.1 (default: any free one)").default(0, "any").argParser(readPort),
    )
    .action(async ({ port }: { readonly port: number }) => {
      const target = parent.optsWithGlobals<Target>();
      const page = await openConsole({
        ...{ surroundings: terminal, target, port, loadConfig },
        ...(target.stack === undefined ? { lab: new Lab(dirname(stackPath(terminal.env))) } : {}),
        onError: (error) => terminal.warn(explain(error, terminal.env, target)),
      });
      terminal.write(`Open ${page.link()}`);
      const signal = terminal.interrupt?.() ?? new AbortController().signal;
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
      await page.close();
    });
}

function readPort(given: string): number {
  const port = Number(given);
  if (/^\d+$/.test(given) && port <= 65_535) return port;
  throw new InvalidArgumentError("Give a port from 0 to 65535.");
}
