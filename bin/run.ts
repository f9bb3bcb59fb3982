import { CommanderError } from "commander";
import { FilterError } from "../lib/operator/filter/FilterError.ts";
import type { Target } from "../lib/operator/gateway/address.ts";
import { CursorError } from "../lib/operator/pages/cursor.ts";
import { explain } from "./explain.ts";
import { buildProgram } from "./program.ts";
import type { Terminal } from "./Terminal.ts";

/** The exit codes. */
const DONE = 0;
const FAILED = 1;
const BAD_USAGE = 2;

/** Runs the program and answers its exit code. Never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let target: () => Target = () => ({});
  try {
    const program = await buildProgram(args, terminal);
    target = () => program.opts<Target>();
    await program.parseAsync(args, { from: "user" });
    return DONE;
  } catch (error) {
    // It has been said already, as has the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? DONE : BAD_USAGE;
    terminal.warn(explain(error, terminal.env, target()));
    return error instanceof FilterError || error instanceof CursorError ? BAD_USAGE : FAILED;
  }
}
