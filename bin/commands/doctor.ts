import type { Command } from "commander";
import { loadConfig } from "../../lib/config/loadConfig.ts";
import { CommandFailed } from "../../lib/operator/CommandFailed.ts";
import { examine } from "../../lib/operator/doctor/examine.ts";
import type { Finding } from "../../lib/operator/doctor/Finding.ts";
import type { Target } from "../../lib/operator/gateway/address.ts";
import { singleLine } from "../../lib/operator/plain.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { urlOption } from "../options/urlOption.ts";
import { waitOption } from "../options/waitOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import type { Terminal } from "../Terminal.ts";

interface DoctorOptions {
  readonly send?: true;
  readonly provider?: string;
  /** Milliseconds. */
  readonly wait: number;
  readonly url?: string;
  readonly json?: true;
}

const WORDS = { ok: "ok", failed: "FAIL", skipped: "skip" } as const;

/** Columns that hold every check's name but long ones of providers. */
const WIDTH = 24;

/** `vesper doctor`: looks at everything that must be right for a gateway to work. */
export function doctor(parent: Command, terminal: Terminal): void {
  parent
    .command("doctor")
    .description(
      "check a gateway: stack, schedules, event sources, concurrency, secrets, webhooks, queues, what is due, providers; one line each",
    )
    .option(
      "--send",
      "also send a signed test message and end its session; its memory reaches every real provider, under the user vesper-doctor",
    )
    .option(
      "--provider <name>",
      "only try this memory provider: store a marked session there, look whether it is recalled, and have it forgotten",
    )
    .addOption(waitOption("how long the test message may take in all, or the provider until it recalls", "60s"))
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (options: DoctorOptions) => {
      const target = parent.optsWithGlobals<Target>();
      const findings: Finding[] = [];
      for await (const finding of examine(terminal, target, options, loadConfig)) {
        findings.push(finding);
        if (!options.json) terminal.write(painter(terminal)(describe(finding)));
      }
      if (options.json) terminal.write(toJson(findings));
      const bad = findings.filter(({ status }) => status === "failed").length;
      if (bad > 0) throw new CommandFailed(`${bad} of ${findings.length} checks failed`);
    });
}

function describe({ status, check, detail }: Finding): string {
  return `${WORDS[status].padEnd(5)} ${check.padEnd(WIDTH)} ${singleLine(detail)}`;
}
