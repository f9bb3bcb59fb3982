import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { secretRefs } from "../../lib/config/secrets.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { howToSet, wrongForm } from "../../lib/operator/doctor/checkSecrets.ts";
import { findSecrets, type SecretView } from "../../lib/operator/findSecrets.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper secrets check`: whether each secret of the config is there and of its form. Never what it is. */
export function secretsCheck(parent: Command, terminal: Terminal): void {
  parent
    .command("check")
    .description(
      "say of each secret that the config refers to whether it is there and of its form; never shows a value",
    )
    .addOption(jsonOption())
    .action(async ({ json }: { json?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const config = await loadConfig(gateway.address.configPath);
      const secrets = await findSecrets(gateway.parameters, secretRefs(config));
      const rows = secrets.map((secret) => [secret.name, statusOf(secret), secret.parameter]);
      if (json) terminal.write(toJson(secrets));
      else if (rows.length === 0) terminal.write("the config refers to no secrets");
      else terminal.write(toTable(["SECRET", "STATUS", "PARAMETER"], rows, painter(terminal)));
      const missing = secrets.filter(({ present }) => !present);
      const problems = [
        missing.length > 0 && `${missing.length} of ${secrets.length} missing: ${howToSet(gateway.address, missing)}`,
        wrongForm(gateway.address, secrets),
      ].filter(Boolean);
      if (problems.length > 0) throw new CommandFailed(problems.join("; "));
    });
}

function statusOf({ present, allowed }: SecretView): string {
  if (!present) return "missing";
  return allowed === null ? "present" : "wrong form";
}
