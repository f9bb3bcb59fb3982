import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";
import { systemClock } from "../lib/domain/observability.ts";
import { MODULE_ENDING } from "../lib/runtime/moduleEnding.ts";
import { ask } from "./ask.ts";

// What was compiled once is not compiled again. In the node_modules that the program has, or is in: not where every user of
// the machine may write.
const modules = MODULE_ENDING === ".ts" ? "../node_modules" : "../../..";
enableCompileCache(fileURLToPath(new URL(`${modules}/.cache/vesper`, import.meta.url)));
const { run } = await import("./run.ts");

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const { stdout, stderr } = process;

process.exitCode = await run(process.argv.slice(2), {
  env: process.env,
  clock: systemClock,
  write: (text) => stdout.write(`${text}\n`),
  warn: (line) => stderr.write(`${line}\n`),
  isTerminal: stdout.isTTY === true,
  isInteractive: process.stdin.isTTY === true && stdout.isTTY === true,
  ...(stdout.isTTY ? { columns: stdout.columns } : {}),
  // To the line's beginning, and clear what was there.
  ...(stderr.isTTY ? { progress: (line) => stderr.write(`\r\u001b[K${line.slice(0, stderr.columns - 1)}`) } : {}),
  interrupt() {
    const controller = new AbortController();
    process.once("SIGINT", () => controller.abort());
    return controller.signal;
  },
  openPrompt: async () => (await import("./chat/openPrompt.ts")).openPrompt(process.stdin, stdout),
  ask: (question) => ask(question, process.stdin, stdout),
});
