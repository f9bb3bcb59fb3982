import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../..");

let folder: string;
let config: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-start-"));
  config = join(folder, "vesper.config.ts");
  // Outside the repository: its `.env` must not be written to.
  writeFileSync(config, `export { default } from ${JSON.stringify(join(ROOT, "vesper.config.ts"))};`);
});

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
  }
  rmSync(folder, { recursive: true });
});

/** Runs `npm start`'s program. `output` resolves with what it wrote once it is up, or once it ended. */
function run(env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [join(ROOT, "local/start.ts")], {
    cwd: folder,
    env: { ...process.env, VESPER_PORT: "0", VESPER_DATA: join(folder, "data"), VESPER_CONFIG: config, ...env },
  });
  children.push(child);
  let text = "";
  const output = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        text += chunk;
        if (text.includes("Try:")) resolve(text);
      });
    }
    child.once("exit", () => resolve(text));
  });
  return { child, output };
}

/** What it says and the code with which it ended. */
async function refused(env: Readonly<Record<string, string>>) {
  const { child, output } = run(env);
  const text = await output;
  return { text: text.trim(), code: child.exitCode };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  await once(child, "exit");
}

describe("npm start", () => {
  it("comes up, says where and what next, and stops clean", async () => {
    const { child, output } = run();

    const text = await output;
    const url = /Vesper runs at (\S+)/.exec(text)?.[1] ?? "";
    expect(text).toContain("Made up and written to .env: HTTP_SIGNING_SECRET");
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    // The function refuses the one, and never hears of the other.
    expect((await fetch(`${url}/webhooks/http`, { method: "POST" })).status).toBe(401);
    const unknown = await fetch(`${url}/webhooks/unknown`, { method: "POST" });
    expect([unknown.status, await unknown.json()]).toEqual([404, { message: "Not Found" }]);

    await stop(child, "SIGTERM");
    expect(child.exitCode).toBe(0);
    expect(existsSync(join(folder, "data", "stack.json"))).toBe(false);
  });

  it("starts again after SIGKILL, with the secret that it made up", async () => {
    const first = run();
    await first.output;
    await stop(first.child, "SIGKILL");

    const text = await run().output;

    expect(text).toContain("Vesper runs at");
    expect(text).not.toContain("Made up");
  });

  it("says in one line that another gateway uses the data", async () => {
    await run().output;

    const { text, code } = await refused({});

    expect([code, text.split("\n").length]).toEqual([1, 1]);
    expect(text).toMatch(/^Vesper can't start: .* in use/);
  });

  it("says in one line that the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = String(typeof address === "object" && address ? address.port : 0);

    const { text, code } = await refused({ VESPER_PORT: port });
    other.close();

    expect(code).toBe(1);
    expect(text).toBe(
      `Vesper can't start: port ${port} is in use: stop what uses it, or give another with VESPER_PORT`,
    );
  });

  it.each([
    ["a port that is none", { VESPER_PORT: "abc" }, /VESPER_PORT is "abc", but must be a port from 0 to 65535$/],
    ["a config that is not there", { VESPER_CONFIG: "nowhere.ts" }, /there is no \S+nowhere.ts: write one/],
    ["a data folder that can't be", { VESPER_DATA: "/dev/null/x" }, /data folder \/dev\/null\/x can't be made/],
  ])("says in one line what is wrong: %s", async (_name, env, why) => {
    const { text, code } = await refused(env);

    expect([code, text.split("\n").length]).toEqual([1, 1]);
    expect(text).toMatch(why);
  });

  it("says what is wrong in the config, and no more", async () => {
    writeFileSync(
      config,
      `import { defineConfig } from ${JSON.stringify(join(ROOT, "lib/index.ts"))};\nexport default defineConfig({ agnt: 1 });`,
    );

    const { text, code } = await refused({});

    expect(code).toBe(1);
    expect(text).toMatch(/^Vesper can't start: the config is wrong:\n/);
    expect(text).toContain("agnt");
    expect(text).not.toContain("    at ");
  });
});
