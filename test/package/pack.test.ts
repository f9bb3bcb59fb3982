import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { afterAll, beforeAll, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

/** A project in an empty folder, with nothing of this checkout but what it packs. */
const folder = mkdtempSync(join(tmpdir(), "vesper-pack-"));
const project = join(folder, "bot");

/** As in a shell of somebody's own: npm adds to the environment of its scripts, and this checkout's programs to the path. */
const env = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm|vitest|vesper|aws)_/i.test(name) || /^npm_config_(registry|cache|userconfig)$/.test(name),
    ),
  ),
  PATH: (process.env.PATH ?? "")
    .split(delimiter)
    .filter((path) => !path.includes("node_modules"))
    .join(delimiter),
  VESPER_PORT: "0",
  VESPER_CONSOLE_PORT: "0",
  NODE_ENV: "",
};

/** Of a machine that does much else; on one that does not, everything together takes about a minute. */
const TIMEOUT_MS = 300_000;

const QUIET = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

const execute = promisify(execFile);

async function run(cwd: string, program: string, ...args: string[]): Promise<string> {
  try {
    return (await execute(program, args, { cwd, env, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stdout = "", stderr = "" } = error instanceof Error ? Object(error) : {};
    throw new Error(`${program} ${args.join(" ")} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** What `npx vesper` runs, without the time that npx takes to find it. */
const vesper = (...args: string[]) => run(project, join(project, "node_modules/.bin/vesper"), ...args);

let packed = "";

beforeAll(async () => {
  await run(ROOT, "npm", "pack", "--silent", "--pack-destination", folder);
  packed = join(folder, globSync("*.tgz", { cwd: folder })[0] ?? "");
  await run(folder, "npm", "install", ...QUIET, packed);
  await run(folder, "npx", "--no-install", "vesper", "init", "bot", "--package", packed);
  // What is the same for the project need not be fetched again.
  renameSync(join(folder, "node_modules"), join(project, "node_modules"));
  await run(project, "npm", "install", ...QUIET);
}, TIMEOUT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }), TIMEOUT_MS);

it("packs what the sources are compiled to, and neither sources nor the checkout's own config", async () => {
  const paths = readdirSync(join(project, "node_modules/vesper"), { recursive: true, encoding: "utf8" });
  expect(paths).toEqual(
    expect.arrayContaining([
      ...["dist/lib/adapter/testing/index.d.ts", "dist/console/page/index.html"],
      "dist/emulators/platforms/telegram/simulator.js",
    ]),
  );
  const sources = paths.filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"));
  expect(sources.filter((path) => !path.startsWith("dist/bin/init/template/"))).toEqual([]);
  expect(paths.filter((path) => /^dist\/(vesper\.config|test|verification|scripts)/.test(path))).toEqual([]);
});

it("makes a project of an empty folder, and refuses one that is not", async () => {
  expect(readdirSync(project)).toEqual(expect.arrayContaining([".gitignore", "package.json", "vesper.config.ts"]));
  await expect(vesper("init", ".")).rejects.toThrow(/is not empty/);
});

it(
  "runs the project's gateway on this machine: a message, its reply, a reset, the delivered hook, the page and its runbook",
  async () => {
    // In a group of its own, as a terminal has it: npm does not pass every signal on.
    const started = spawn("npm", ["start"], {
      cwd: project,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const { page, token } = await linkOf(started);
      expect(await vesper("say", "My name is Ann", "--wait", "60s")).toContain("You said: My name is Ann");
      expect(await vesper("say", "/reset", "--wait", "60s")).toContain("a new conversation begins");
      await expect
        .poll(() => vesper("hooks", "ls"), { timeout: 60_000, interval: 1_000 })
        .toMatch(/builtin +delivered/);
      expect(await vesper("say", "Who am I?", "--wait", "60s")).toContain("Ann");
      expect(await (await fetch(page)).text()).toContain("<title>");
      expect(await readSection(page, token, "failed-replies")).toContain("npx vesper replies send");
      expect(existsSync(join(project, ".env"))).toBe(true);
    } finally {
      const ended = once(started, "exit");
      process.kill(-(started.pid ?? Number.NaN), "SIGINT");
      await ended;
    }
  },
  TIMEOUT_MS,
);

it(
  "compiles and tests a third party's platform, provider and agent, each of under 60 lines, in the project",
  async () => {
    cpSync(join(ROOT, "test/thirdparty"), project, { recursive: true });
    for (const path of globSync("adapters/*.ts", { cwd: project })) {
      expect(readFileSync(join(project, path), "utf8").split("\n").length - 1, path).toBeLessThan(60);
    }
    await run(project, "npm", "run", "check");
    const tested = await run(project, "npm", "test");
    expect(tested).toMatch(/fail 0/);
    for (const suite of ["platform pager", "memory provider notes", "agent oracle"]) expect(tested).toContain(suite);
  },
  TIMEOUT_MS,
);

it(
  "synthesizes the project's stack, with its own adapters in the functions",
  async () => {
    await run(project, "npm", "run", "synth");
    const bundles = globSync("cdk.out/asset.*/index.js", { cwd: project });
    const sources = bundles.map((path) => readFileSync(join(project, path), "utf8"));
    expect(sources).toHaveLength(4);
    for (const words of ["a page is an object", "the model's answer is no JSON"]) {
      expect(
        sources.some((source) => source.includes(words)),
        words,
      ).toBe(true);
    }
  },
  TIMEOUT_MS,
);

/** A section of the runbook, as the operators' page asks for it. */
async function readSection(page: string, token: string, section: string): Promise<string> {
  const entered = await fetch(new URL("/api/enter", page), { method: "POST", body: JSON.stringify({ token }) });
  const { key } = v.parse(v.object({ key: v.string() }), await entered.json());
  const headers = { authorization: `Bearer ${key}` };
  const answer = await fetch(new URL(`/api/runbook?section=${section}`, page), { headers });
  expect(answer.status).toBe(200);
  return v.parse(v.object({ text: v.string() }), await answer.json()).text;
}

/** The link to the operators' page, which is the last thing that a start prints. */
async function linkOf({ stdout }: ChildProcess): Promise<{ readonly page: string; readonly token: string }> {
  let said = "";
  for await (const text of stdout ?? []) {
    said += text;
    const [, page, token] = /^Open (http\S+)#token=([\w-]{43})/m.exec(said) ?? [];
    if (page !== undefined && token !== undefined) {
      stdout?.resume();
      return { page, token };
    }
  }
  throw new Error(`npm start has ended:\n${said}`);
}
