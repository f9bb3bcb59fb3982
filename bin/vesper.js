#!/usr/bin/env node
// Plain JavaScript for whatever Node the machine has; the program itself needs the one that package.json pins, Lambda's.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const LEAST_MAJOR = 24;

if (Number.parseInt(process.versions.node, 10) >= LEAST_MAJOR) await runHere();
else runPinned();

async function runHere() {
  // What was compiled once, and its types erased, is not compiled again: before the first TypeScript, as what erases types
  // takes longest to load. Beside the program, not where every user of the machine may write.
  module.enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/vesper", import.meta.url)));
  await import("./vesper.ts");
}

function runPinned() {
  const node = fileURLToPath(new URL("../node_modules/.bin/node", import.meta.url));
  if (!existsSync(node)) {
    console.error(
      `vesper: needs Node ${LEAST_MAJOR} and runs on ${process.versions.node}: run npm install, which brings it`,
    );
    process.exitCode = 1;
    return;
  }
  const program = fileURLToPath(import.meta.url);
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`vesper: ${node} can't be run: ${error.message}`);
    process.exitCode = 1;
  });
  // A child that a signal ended is reported as a shell does.
  child.on("exit", (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}
