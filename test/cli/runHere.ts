import { run } from "../../bin/run.ts";
import type { Terminal } from "../../bin/Terminal.ts";
import { systemClock } from "../../lib/domain/observability.ts";
import type { CliResult } from "./cli.ts";

/** Runs the CLI in this process, so that a test can hold its clock and answer its questions. */
export async function runHere(args: readonly string[], terminal: Partial<Terminal>): Promise<CliResult> {
  const output = { stdout: "", stderr: "" };
  const code = await run(args, {
    env: {},
    clock: systemClock,
    write: (text) => {
      output.stdout += `${text}\n`;
    },
    warn: (line) => {
      output.stderr += `${line}\n`;
    },
    isTerminal: false,
    isInteractive: false,
    ask: () => Promise.reject(new Error("nobody is there to answer")),
    ...terminal,
  });
  return { code, ...output };
}
