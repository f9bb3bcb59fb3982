import { type Command, InvalidArgumentError, Option } from "commander";
import { jsonOption } from "./jsonOption.ts";

/** What every bulk action takes. */
export interface BulkOptions {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly canary?: number;
  readonly rate?: number;
  readonly name?: string;
  readonly reason?: string;
  readonly json?: true;
}

/** `--yes`, `--dry-run`, `--canary`, `--rate`, `--name` and `--reason` of a bulk action. @param has what only some have */
export function bulkOptions(command: Command, has: { readonly canary: boolean } = { canary: true }): Command {
  const canary = new Option("--canary <n>", "try so many first, go on only when they succeed").argParser(number(100));
  command.option("--yes", "do it; without this only its plan is shown").option("--dry-run", "only show its plan");
  if (has.canary) command.addOption(canary);
  return command
    .addOption(new Option("--rate <n>", "so many a second at the most").argParser(number(10_000)))
    .option("--name <name>", "what to call it in npx vesper operations")
    .option("--reason <why>", "why, for the audit log")
    .addOption(jsonOption());
}

function number(most: number): (given: string) => number {
  return (given) => {
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= 1 && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from 1 to ${most}.`);
  };
}
