import { CommandFailed } from "../lib/operator/CommandFailed.ts";
import type { Terminal } from "./Terminal.ts";

/** Whether and how an act is agreed to. */
export interface Agreement {
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/**
 * Whether to act: by `--yes`, or by a yes at the prompt; not with `--dry-run`.
 *
 * @throws CommandFailed when nobody agreed
 */
export async function isAgreed(
  terminal: Terminal,
  question: string,
  { yes, dryRun, json }: Agreement,
): Promise<boolean> {
  if (dryRun) return false;
  if (yes) return true;
  const asks = terminal.isInteractive && !json;
  if (asks && /^y(es)?$/i.test((await terminal.ask(`${question} [y/N] `)).trim())) return true;
  throw new CommandFailed("nothing was done: it takes --yes");
}
