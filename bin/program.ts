import { Command } from "commander";
import { singleLine } from "../lib/operator/plain.ts";
import packageJson from "../package.json" with { type: "json" };
import { NOUNS, SINGLES } from "./commands.ts";
import { targetOptions } from "./options/targetOptions.ts";
import type { Terminal } from "./Terminal.ts";

const EXAMPLES = `
Examples:
  vesper hooks groups                             what went wrong, once for each cause
  vesper hooks redrive group:ab12cd34 --canary 5  the plan; with --yes five first, then the rest
  vesper sessions ls user:42 since:2026-11-01     who talked, and what became of it
  vesper replay crm since:2026-11-01 --dry-run    what a new provider would get

A filter is made of field:value, of which all must hold: status, provider, group, reason, platform, conversation, user,
id, age:>2h, since:2026-11-01, until:2026-11-30. An id may be given by its end.
Exit codes: 0 done, 1 failed, 2 bad usage.
Environment: VESPER_STACK, as --stack; VESPER_CONFIG, the config of a deployed stack (vesper.config.ts);
VESPER_DATA, the data folder of npm start (.vesper); NO_COLOR.`;

/**
 * The program: `vesper <noun> <verb>`, one file a command.
 *
 * @param args the command line; of a command that it names only that one is loaded, else all
 */
export async function buildProgram(args: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command("vesper")
    .description("Look into a running gateway and put right what failed.")
    .version(packageJson.version, "--version", "print the version")
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.write(text.trimEnd()),
      writeErr: (text) => terminal.warn(text.trimEnd()),
      outputError: (text, write) => write(`vesper: ${singleLine(text.replace(/^error: /, ""))}`),
    })
    .addHelpText("after", EXAMPLES);
  targetOptions(program, terminal.env);
  const [noun = "", verb = ""] = wordsOf(args);
  if (args[0] === "--version") return program;
  const only = own(own(NOUNS, noun)?.verbs ?? {}, verb) ?? own(SINGLES, noun);
  const isAll = only === undefined || noun === "completion";
  for (const [name, { description, verbs }] of Object.entries(NOUNS)) {
    if (!isAll && name !== noun) continue;
    const parent = program.command(name).description(description);
    for (const [word, load] of Object.entries(verbs)) if (isAll || word === verb) (await load())(parent, terminal);
  }
  for (const [name, load] of Object.entries(SINGLES)) if (isAll || name === noun) (await load())(program, terminal);
  return program;
}

/** The words of a command line that are neither options nor their values, as far as options stand before the command. */
function wordsOf(args: readonly string[]): readonly string[] {
  const words: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? "";
    if (/^--(stack|region|profile)$/.test(arg)) index++;
    else if (!arg.startsWith("-")) words.push(arg);
  }
  return words;
}

/** What an object says itself under a name: one that every object has, such as "toString", is no command. */
function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
