import type { Command } from "commander";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { cancelOperation } from "../../lib/operator/operations/cancelOperation.ts";
import { findOperation, operationSchema } from "../../lib/operator/operations/Operation.ts";
import { type OperationView, operationView } from "../../lib/operator/operations/OperationView.ts";
import { singleLine, when } from "../../lib/operator/plain.ts";
import { failUnlessDone, follow, resultText, toolsOf } from "../bulk.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { limitOption } from "../options/limitOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import { toTable } from "../output/toTable.ts";
import { warnOfUnread } from "../output/warnOfUnread.ts";
import type { Terminal } from "../Terminal.ts";

const WHICH = "its name, or the end of its id";

/** `vesper operations`: bulk actions, those that run and those that are over. */
export function operations(parent: Command, terminal: Terminal): void {
  const noun = parent
    .command("operations")
    .description("bulk actions of operators: what was begun, by whom, how far it is");
  const target = () => parent.optsWithGlobals<Target>();
  const now = () => terminal.clock.now();

  noun
    .command("ls")
    .description("list bulk actions, newest first")
    .addOption(limitOption())
    .addOption(jsonOption())
    .action(async ({ limit, json }: { limit: number; json?: true }) => {
      using gateway = await connect(terminal, target());
      const { records, unread } = await listRecords(gateway.services, "OPERATION", operationSchema, { limit });
      warnOfUnread(terminal, unread);
      const views = records.map((record) => operationView(record, now()));
      if (json) return terminal.write(toJson(views));
      terminal.write(views.length > 0 ? describe(views, terminal) : "no bulk actions yet");
    });

  noun
    .command("show")
    .description("show a bulk action")
    .argument("<name>", WHICH)
    .addOption(jsonOption())
    .action(async (name: string, { json }: { json?: true }) => {
      using gateway = await connect(terminal, target());
      const view = operationView(await findOperation(gateway.services, name), now());
      if (json) return terminal.write(toJson(view));
      const facts = Object.entries(view).filter(([, value]) => value !== null);
      terminal.write(
        painter(terminal)(facts.map(([key, value]) => `${key.padEnd(10)} ${singleLine(String(value))}`).join("\n")),
      );
    });

  noun
    .command("cancel")
    .description("end a bulk action; what is done stays done")
    .argument("<name>", WHICH)
    .addOption(jsonOption())
    .action(async (name: string, { json }: { json?: true }) => {
      using gateway = await connect(terminal, target());
      const operation = await findOperation(gateway.services, name);
      const cancelled = await cancelOperation(gateway, operation, await gateway.caller());
      if (json) terminal.write(toJson(operationView(cancelled, now())));
      else terminal.write(`${cancelled.name} is cancelled, ${cancelled.done} of ${cancelled.count} were done`);
    });

  noun
    .command("resume")
    .description("go on with a bulk action whose process is gone, or whose canary failed")
    .argument("<name>", WHICH)
    .addOption(jsonOption())
    .action(async (name: string, { json }: { json?: true }) => {
      using gateway = await connect(terminal, target());
      const operation = await findOperation(gateway.services, name);
      const ended = await follow(terminal, await toolsOf(gateway, operation.verb), operation);
      terminal.write(json ? toJson(operationView(ended, now())) : resultText(ended));
      failUnlessDone(ended);
    });
}

function describe(views: readonly OperationView[], terminal: Terminal): string {
  const rows = views.map((view) => [
    ...[view.name, view.verb, view.status, `${view.done} of ${view.count}`],
    ...[
      when(Date.parse(view.createdAt ?? ""), terminal.clock.now()),
      view.who,
      view.filter || "all",
      view.reason ?? view.why ?? "",
    ],
  ]);
  const head = ["NAME", "VERB", "STATUS", "DONE", "BEGUN", "WHO", "FILTER", "WHY"];
  return toTable(head, rows, painter(terminal), terminal.columns);
}
