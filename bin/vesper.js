#!/usr/bin/env node
// Plain JavaScript for whatever Node the machine has; the program itself needs the one that Lambda has.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const LEAST_MAJOR = 24;

// A package holds what the sources are compiled to, and a checkout its sources.
const source = new URL("./vesper.ts", import.meta.url);
const program = existsSync(source) ? source : new URL("../dist/bin/vesper.js", import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= LEAST_MAJOR) await runHere();
else runElsewhere();

async function runHere() {
  // What was compiled once, and its types erased, is not compiled again: before the first TypeScript, as what erases types
  // takes longest to load. In the node_modules that the program has, or is in: not where every user of the machine may write.
  const modules = program === source ? "../node_modules" : "../..";
  module.enableCompileCache(fileURLToPath(new URL(`${modules}/.cache/vesper`, import.meta.url)));
  await import(program.href);
}

function runElsewhere() {
  const args = process.argv.slice(2);
  const node = pinnedNode();
  if (node !== undefined) return run(node, [fileURLToPath(program), ...args]);
  // The project that it makes brings a Node along.
  const init = fileURLToPath(new URL("../dist/bin/init/start.js", import.meta.url));
  if (args[0] === "init" && program !== source) return run(process.execPath, ["--no-warnings", init, ...args]);
  console.error(
    `vesper: needs Node ${LEAST_MAJOR} and runs on ${process.versions.node}: run npm install, which brings it to a checkout and to a project that vesper init made; elsewhere npm install node@${LEAST_MAJOR}`,
  );
  process.exitCode = 1;
}

/** The Node of the package "node": of a checkout, of the project that this package is installed in, or of the working directory. */
function pinnedNode() {
  const places = [
    fileURLToPath(new URL("../node_modules", import.meta.url)),
    fileURLToPath(new URL("../..", import.meta.url)),
    join(process.cwd(), "node_modules"),
  ];
  return places.map((modules) => join(modules, ".bin", "node")).find((path) => existsSync(path));
}

function run(node, args) {
  const child = spawn(node, args, { stdio: "inherit" });
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
