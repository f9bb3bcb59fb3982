import type { Command } from "commander";
import { secretNames } from "../../lib/config/secretNames.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { howToSet } from "../../lib/operator/doctor/howToSet.ts";
import { findSecrets } from "../../lib/operator/findSecrets.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import type { Target } from "../../lib/operator/gateway/Target.ts";
import { readConfig } from "../../local/readConfig.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper secrets check`: whether each secret of the config is there. Never what it is. */
export function secretsCheck(parent: Command, terminal: Terminal): void {
  parent
    .command("check")
    .description("say of each secret that the config refers to whether it is there; never shows a value")
    .addOption(jsonOption())
    .action(async ({ json }: { json?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const config = await readConfig(gateway.address.configPath);
      const secrets = await findSecrets(gateway.parameters, secretNames(config));
      const rows = secrets.map(({ name, parameter, present }) => [name, present ? "present" : "missing", parameter]);
      if (json) terminal.write(toJson(secrets));
      else if (rows.length === 0) terminal.write("the config refers to no secrets");
      else terminal.write(toTable(["SECRET", "STATUS", "PARAMETER"], rows, painter(terminal)));
      const missing = secrets.filter(({ present }) => !present);
      if (missing.length === 0) return;
      throw new CommandFailed(`${missing.length} of ${secrets.length} missing: ${howToSet(gateway.address, missing)}`);
    });
}
