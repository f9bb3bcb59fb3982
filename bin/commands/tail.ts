import type { Command } from "commander";
import { truncate } from "../../lib/adapter/text/truncate.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { connect } from "../../lib/operator/gateway/connect.ts";
import { singleLine } from "../../lib/operator/plain.ts";
import type { TailEvent } from "../../lib/operator/tail/describeChange.ts";
import { tailTable } from "../../lib/operator/tail/tailTable.ts";
import { painter } from "../output/painter.ts";
import { shortId } from "../output/shortId.ts";
import type { Terminal } from "../Terminal.ts";

/** Columns that hold each kind of event. */
const WIDTH = 9;

/** `vesper tail`: what happens now, one line each. */
export function tail(parent: Command, terminal: Terminal): void {
  parent
    .command("tail")
    .description(
      "print what happens from now on, one line each, until Ctrl-C: messages, replies, ends, hooks, operators",
    )
    .option("--ndjson", "one JSON object a line")
    .action(async ({ ndjson }: { ndjson?: true }) => {
      using gateway = await connect(terminal, parent.optsWithGlobals<Target>());
      const signal = terminal.interrupt?.() ?? new AbortController().signal;
      for await (const event of tailTable(gateway.address, terminal.clock, signal)) {
        terminal.write(ndjson ? JSON.stringify(event) : painter(terminal)(describe(event, terminal)));
      }
    });
}

function describe({ at, what, session, text }: TailEvent, terminal: Terminal): string {
  const time = (at ?? "").slice(11, 19);
  const line = `${time} ${session === null ? "-" : shortId(session, terminal)} ${what.padEnd(WIDTH)} ${singleLine(text)}`;
  return truncate(line, terminal.columns ?? 200);
}
