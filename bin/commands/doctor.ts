import type { Command } from "commander";
import type { Config } from "../../lib/config/Config.ts";
import { oneLine } from "../../lib/runtime/oneLine.ts";
import { readConfig } from "../../local/readConfig.ts";
import { CommandFailed } from "../CommandFailed.ts";
import { connect, type Gateway } from "../connect.ts";
import { checkDue } from "../doctor/checkDue.ts";
import { checkFunctions } from "../doctor/checkFunctions.ts";
import { checkMessage } from "../doctor/checkMessage.ts";
import { checkProviders } from "../doctor/checkProviders.ts";
import { checkQueues } from "../doctor/checkQueues.ts";
import { checkSchedules } from "../doctor/checkSchedules.ts";
import { checkSecrets } from "../doctor/checkSecrets.ts";
import { checkStack } from "../doctor/checkStack.ts";
import { checkWebhooks } from "../doctor/checkWebhooks.ts";
import { type Finding, failed, skipped } from "../doctor/Finding.ts";
import { reasonOf } from "../explain.ts";
import { jsonOption } from "../options/jsonOption.ts";
import { urlOption } from "../options/urlOption.ts";
import { waitOption } from "../options/waitOption.ts";
import { painter } from "../output/painter.ts";
import { toJson } from "../output/toJson.ts";
import type { Target } from "../Target.ts";
import type { Terminal } from "../Terminal.ts";

interface DoctorOptions {
  readonly send?: true;
  /** Milliseconds. */
  readonly wait: number;
  readonly url?: string;
  readonly json?: true;
}

const NOT_SENT = "not sent: --send sends a test message through to every memory provider";

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
    .addOption(waitOption("how long the test message may take in all", "60s"))
    .addOption(urlOption())
    .addOption(jsonOption())
    .action(async (options: DoctorOptions) => {
      const target = parent.optsWithGlobals<Target>();
      const findings: Finding[] = [];
      for await (const finding of examine(terminal, target, options)) {
        findings.push(finding);
        if (!options.json) terminal.write(painter(terminal)(describe(finding)));
      }
      if (options.json) terminal.write(toJson(findings));
      const bad = findings.filter(({ status }) => status === "failed").length;
      if (bad > 0) throw new CommandFailed(`${bad} of ${findings.length} checks failed`);
    });
}

async function* examine(terminal: Terminal, target: Target, options: DoctorOptions): AsyncGenerator<Finding> {
  const reason = (error: unknown): string => {
    const known = reasonOf(error, terminal.env, target);
    if (known === undefined) throw error;
    return known;
  };
  /** A check that can't be made has failed; the others go on. */
  const attempt = (check: string, make: () => Promise<readonly Finding[]>) =>
    make().catch((error: unknown) => [failed(check, reason(error))]);

  let gateway: Gateway;
  try {
    gateway = await connect(terminal, target);
  } catch (error) {
    yield failed("stack", reason(error));
    return;
  }
  using _ = gateway;
  yield checkStack(gateway.address);
  let config: Config | undefined;
  let unreadable = "";
  try {
    config = await readConfig(gateway.address.configPath);
  } catch (error) {
    unreadable = reason(error);
  }
  const withConfig = (check: string, make: (config: Config) => Promise<readonly Finding[]>) =>
    config ? attempt(check, () => make(config)) : Promise.resolve([]);
  const checks = [
    attempt("schedule", () => checkSchedules(gateway)),
    attempt("functions", () => checkFunctions(gateway)),
    Promise.resolve(config ? [] : [failed("config", unreadable)]),
    withConfig("secrets", (given) => checkSecrets(gateway, given)),
    withConfig("webhooks", (given) => checkWebhooks(gateway, given, options.url, reason)),
    attempt("queues", () => checkQueues(gateway)),
    attempt("oldest due", () => checkDue(gateway)),
    withConfig("deliveries", (given) => checkProviders(gateway, given)),
  ];
  for (const findings of await Promise.all(checks)) yield* findings;
  if (!options.send) yield skipped("message", NOT_SENT);
  else yield* await withConfig("message", (given) => checkMessage(gateway, given, options.wait));
}

function describe({ status, check, detail }: Finding): string {
  return `${WORDS[status].padEnd(5)} ${check.padEnd(WIDTH)} ${oneLine(detail)}`;
}
