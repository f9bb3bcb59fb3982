import type { Command } from "commander";
import { jsonOption } from "./jsonOption.ts";
import { limitOption } from "./limitOption.ts";

/** What every list takes. */
export interface PageOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly oldest?: true;
  readonly json?: true;
  readonly ndjson?: true;
}

/** `--limit`, `--cursor`, `--oldest`, `--json` and `--ndjson` of a list. */
export function pageOptions(command: Command): Command {
  return command
    .addOption(limitOption())
    .option("--cursor <cursor>", "go on where a list ended, as it said")
    .option("--oldest", "oldest first")
    .addOption(jsonOption())
    .option("--ndjson", "print all of it, one JSON object a line, without a limit");
}
