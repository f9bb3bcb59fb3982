import { Command } from "commander";
import { oneLine } from "../lib/runtime/oneLine.ts";
import { chat } from "./commands/chat.ts";
import { doctor } from "./commands/doctor.ts";
import { hooksLs } from "./commands/hooks-ls.ts";
import { hooksRedrive } from "./commands/hooks-redrive.ts";
import { hooksShow } from "./commands/hooks-show.ts";
import { lab } from "./commands/lab.ts";
import { say } from "./commands/say.ts";
import { secretsCheck } from "./commands/secrets-check.ts";
import { sessionsEnd } from "./commands/sessions-end.ts";
import { sessionsLs } from "./commands/sessions-ls.ts";
import { sessionsShow } from "./commands/sessions-show.ts";
import { webhooksSet } from "./commands/webhooks-set.ts";
import { targetOptions } from "./options/targetOptions.ts";
import type { Terminal } from "./Terminal.ts";

/** The whole program: `vesper <noun> <verb>`, one file a command. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("vesper")
    .description("Look into a running gateway and put right what failed.")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.write(text.trimEnd()),
      writeErr: (text) => terminal.warn(text.trimEnd()),
      outputError: (text, write) => write(`vesper: ${oneLine(text.replace(/^error: /, ""))}`),
    })
    .addHelpText(
      "after",
      [
        "",
        "Exit codes: 0 done, 1 failed, 2 bad usage.",
        "Environment: VESPER_STACK, as --stack; VESPER_CONFIG, the config of a deployed stack (vesper.config.ts);",
        "VESPER_DATA, the data folder of npm start (.vesper).",
      ].join("\n"),
    );
  targetOptions(program, terminal.env);

  const sessions = program.command("sessions").description("sessions and their transcripts");
  sessionsLs(sessions, terminal);
  sessionsShow(sessions, terminal);
  sessionsEnd(sessions, terminal);

  const hooks = program.command("hooks").description("deliveries of ended sessions to memory providers");
  hooksLs(hooks, terminal);
  hooksShow(hooks, terminal);
  hooksRedrive(hooks, terminal);

  const secrets = program.command("secrets").description("secrets that the config refers to");
  secretsCheck(secrets, terminal);

  const webhooks = program.command("webhooks").description("where platforms send what users write");
  webhooksSet(webhooks, terminal);

  say(program, terminal);
  chat(program, terminal);
  lab(program, terminal);
  doctor(program, terminal);
  return program;
}
