import type { Command } from "commander";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { endSessionById } from "../../lib/operator/endSession.ts";
import { resolveSession, UnknownSession } from "../../lib/operator/findSession.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { when } from "../../lib/operator/plain.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

/** `vesper sessions end`: ends a live session now, for the reason `api`. */
export function sessionsEnd(parent: Command, terminal: Terminal): void {
  parent
    .command("end")
    .description("end a live session now; its hooks follow")
    .argument("<session>", "the session's id, or the end of it")
    .addOption(jsonOption())
    .action(async (given: string, { json }: { json?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const { session: id } = await resolveSession(gateway.services, given);
      const result = await endSessionById(gateway.services, id, await gateway.caller());
      if (result.outcome === "unknown") throw new UnknownSession(id);
      const { outcome, session } = result;
      if (outcome === "busy") throw new CommandFailed(`${id} has a turn under way: try again when it is done`);
      if (outcome === "not-live") {
        const { status, reason, endedAt } = session;
        const how = status === "ended" ? ` (${reason}, ${when(endedAt, terminal.clock.now())})` : "";
        throw new CommandFailed(`${id} has ended already${how}`);
      }
      terminal.write(json ? toJson({ session: id, outcome }) : `${id} ended; see npx vesper hooks show ${id}`);
    });
}
