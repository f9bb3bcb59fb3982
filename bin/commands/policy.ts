import type { Command } from "commander";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { policyFor, type Role } from "../../lib/operator/policyFor.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper policy`: the IAM policy of those who look, and of those who act. */
export function policy(parent: Command, terminal: Terminal): void {
  parent
    .command("policy")
    .description("print an IAM policy for a deployed stack: of those who only look (default), or of operators")
    .option("--operator", "of those who also act")
    .action(async ({ operator }: { operator?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      if (!gateway.address.deployment)
        throw new CommandFailed("a gateway on this machine needs no policy: name a deployed one with --stack");
      const role: Role = operator ? "operator" : "read-only";
      terminal.write(toJson(policyFor(role, gateway.address)));
    });
}
