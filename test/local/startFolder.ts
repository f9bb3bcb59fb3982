import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The repository. */
export const ROOT = join(import.meta.dirname, "../..");

export type StartFolder = ReturnType<typeof makeStartFolder>;

/** A folder with a config in which `npm start` runs. */
export function makeStartFolder() {
  const folder = mkdtempSync(join(tmpdir(), "vesper-start-"));
  const config = join(folder, "vesper.config.ts");
  // Outside the repository: its `.env` must not be written to.
  writeFileSync(config, `export { default } from ${JSON.stringify(join(ROOT, "vesper.config.ts"))};`);
  const children: ChildProcess[] = [];

  /** Runs `npm start`'s program. `output` resolves with what it wrote once it is up, or once it ended. */
  const run = (env: Readonly<Record<string, string>> = {}) => {
    const child = spawn(process.execPath, [join(ROOT, "bin/start.js")], {
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
  };

  /** What it says and the code with which it ended. */
  const refused = async (env: Readonly<Record<string, string>>) => {
    const { child, output } = run(env);
    const text = await output;
    return { text: text.trim(), code: child.exitCode };
  };

  /** Kills what still runs. */
  const remove = async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
    }
    rmSync(folder, { recursive: true });
  };

  return { folder, config, run, refused, remove };
}
