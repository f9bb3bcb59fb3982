import { systemClock } from "../lib/runtime/Clock.ts";
import { ask } from "./ask.ts";
import { openPrompt } from "./chat/openPrompt.ts";
import { run } from "./run.ts";

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  clock: systemClock,
  write: (text) => process.stdout.write(`${text}\n`),
  warn: (line) => process.stderr.write(`${line}\n`),
  isTerminal: process.stdout.isTTY === true,
  isInteractive: process.stdin.isTTY === true && process.stdout.isTTY === true,
  openPrompt: () => openPrompt(process.stdin, process.stdout),
  ask: (question) => ask(question, process.stdin, process.stdout),
});
