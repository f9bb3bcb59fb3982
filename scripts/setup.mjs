// Makes `npm start`, `npm test` and the rest work on a fresh clone: installs what package-lock.json says when that is
// not what is installed. Plain JavaScript for any Node from 18, without dependencies, as nothing is installed yet.
// Prints to stderr only.

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The Node that Lambda has. */
const NODE = "v24.";

/** Between two looks at another run's lock, milliseconds. */
const POLL = 200;

/** A lock that names nobody yet is this old at the most, milliseconds; an older one was left by a crash. */
const UNNAMED = 10_000;

/** No install takes this long, milliseconds: by then a lock's process id may be another program's. */
const MAX_WAIT_MS = 15 * 60_000;

const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const modules = join(root, "node_modules");
const nodePath = join(modules, ".bin", process.platform === "win32" ? "node.cmd" : "node");
const markPath = join(modules, ".vesper-setup");
const hash = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

// Not within the checkout: `npm ci` empties node_modules, and the rest is under version control.
const lockPath = join(tmpdir(), `vesper-setup-${createHash("sha256").update(root).digest("hex").slice(0, 16)}`);

if (!isDone()) {
  await lock();
  try {
    process.exitCode = isDone() ? 0 : await setUp();
  } finally {
    rmSync(lockPath, { recursive: true, force: true });
  }
}

function isDone() {
  return existsSync(nodePath) && existsSync(markPath) && readFileSync(markPath, "utf8") === hash;
}

/** Installs and checks; answers the exit code. */
async function setUp() {
  if (!isInstalled()) {
    const code = await install();
    if (code !== 0) return code;
  }
  if (!existsSync(nodePath)) {
    return fail(
      "node_modules/.bin/node is missing, as npm did not run install scripts; do: npm rebuild node --ignore-scripts=false",
    );
  }
  const { stdout, error } = spawnSync(nodePath, ["--version"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (!stdout?.startsWith(NODE)) {
    const found = error ? `does not run (${error.message})` : `is ${stdout.trim()}`;
    return fail(`node_modules/.bin/node ${found}, but must be ${NODE}x; delete node_modules and try again`);
  }
  writeFileSync(markPath, hash);
  return 0;
}

/** Whether an `npm ci` or `npm install` of the user's own has installed just what the lock file says. */
function isInstalled() {
  try {
    const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
    const there = JSON.parse(readFileSync(join(modules, ".package-lock.json"), "utf8")).packages;
    return Object.entries(wanted).every(([path, { version, optional }]) => {
      if (path === "") return true;
      // A package for another platform is left out.
      return there[path] ? there[path].version === version : optional === true;
    });
  } catch {
    // No list of what is installed, or half of one: then it is not what is wanted.
    return false;
  }
}

async function install() {
  console.error("installing … (once)");
  rmSync(markPath, { force: true });
  // An install that is interrupted must not pass for a whole one.
  rmSync(join(modules, ".package-lock.json"), { force: true });
  const options = ["ci", "--include=dev", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"];
  const { npm_execpath: cli = "", npm_node_execpath: node = process.execPath } = process.env;
  const child =
    basename(cli) === "npm-cli.js"
      ? spawn(node, [cli, ...options], { cwd: root, stdio: ["ignore", "pipe", "pipe"] })
      : spawn("npm", options, { cwd: root, stdio: ["ignore", "pipe", "pipe"], shell: process.platform === "win32" });
  const said = [];
  child.stdout.on("data", (chunk) => said.push(chunk));
  child.stderr.on("data", (chunk) => said.push(chunk));
  // The lock goes when npm has gone. Ctrl-C reaches npm by itself, other signals do not.
  let interrupted = false;
  const stop = (signal) => {
    interrupted = true;
    if (signal !== "SIGINT") child.kill(signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, stop);
  const code = await new Promise((done) => {
    child.on("error", (error) => done(error.message));
    child.on("close", (status) => done(status ?? 1));
  });
  for (const signal of signals) process.off(signal, stop);
  if (interrupted) return 130;
  if (code === 0) return 0;
  process.stderr.write(Buffer.concat(said));
  return fail(`npm ci failed (${code}); what it said stands above`);
}

/** Waits until no other run sets up this checkout, then keeps others out. */
async function lock() {
  for (let told = false; ; ) {
    try {
      mkdirSync(lockPath);
      writeFileSync(join(lockPath, "pid"), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isLeftBehind()) {
      removeLock();
      continue;
    }
    if (!told) console.error("waiting for another install of this checkout …");
    told = true;
    await new Promise((done) => setTimeout(done, POLL));
  }
}

/** Whether its owner has ended without removing it. */
function isLeftBehind() {
  const since = statSync(lockPath, { throwIfNoEntry: false })?.mtimeMs;
  if (since === undefined) return false;
  const owner = ownerOf(lockPath);
  const age = Date.now() - since;
  return owner === 0 ? age > UNNAMED : age > MAX_WAIT_MS || !isRunning(owner);
}

/** By way of a name of our own: what another run has put in its place meanwhile is put back. */
function removeLock() {
  const mine = `${lockPath}-${process.pid}`;
  try {
    const owner = ownerOf(lockPath);
    renameSync(lockPath, mine);
    if (ownerOf(mine) !== owner) return renameSync(mine, lockPath);
    rmSync(mine, { recursive: true, force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

/** The process that a lock names, 0 when it names none. */
function ownerOf(path) {
  try {
    return Number(readFileSync(join(path, "pid"), "utf8"));
  } catch {
    return 0;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as another user.
    return error.code === "EPERM";
  }
}

function fail(problem) {
  console.error(`setup: ${problem}`);
  return 1;
}
