import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { decidePairing, findPairings, type PairingView } from "../../lib/operator/pairings.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";

interface Options {
  readonly json?: true;
}

/** `vesper pair`: who has asked to talk, and who is let in. */
export function pair(parent: Command, terminal: Terminal): void {
  const noun = parent.command("pair").description('people whom the config does not name, where it says others: "pair"');
  const target = () => parent.optsWithGlobals<Target>();

  noun
    .command("ls")
    .description("list who has asked, those first who wait")
    .addOption(jsonOption())
    .action(async ({ json }: Options) => {
      using gateway = await connect(terminal, target());
      const config = await loadConfig(gateway.address.configPath);
      const found = await findPairings(gateway.services, config);
      if (json) return terminal.write(toJson(found));
      terminal.write(found.length === 0 ? "nobody has asked" : describe(found, terminal));
    });

  for (const [verb, does] of [
    ["approve", "let somebody in"],
    ["revoke", "let somebody in no more"],
  ] as const) {
    noun
      .command(verb)
      .description(does)
      .argument("<code>", "what they were told, or the platform's id of them")
      .addOption(jsonOption())
      .action(async (code: string, { json }: Options) => {
        using gateway = await connect(terminal, target());
        const config = await loadConfig(gateway.address.configPath);
        const done = await decidePairing(gateway.services, config, code, verb, await gateway.caller());
        terminal.write(json ? toJson(done) : describe([done], terminal));
      });
  }
}

function describe(found: readonly PairingView[], terminal: Terminal): string {
  const rows = found.map(({ platform, user, name, code, askedAt, approvedAt }) => [
    ...[platform, user, name ?? "", code, askedAt ?? ""],
    approvedAt ?? "waits",
  ]);
  return toTable(["PLATFORM", "USER", "NAME", "CODE", "ASKED", "LET IN"], rows, painter(terminal));
}
