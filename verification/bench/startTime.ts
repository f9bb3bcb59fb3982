import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { median } from "./median.ts";

/**
 * `npm run bench:start`: how long the local stack takes from its process's start until it takes webhooks, and from SIGTERM
 * until its process has ended. An argument says how many starts are measured.
 */

const ROUNDS = Number(process.argv[2] ?? 10);

const root = resolve(import.meta.dirname, "../..");

const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));

const config = join(folder, "vesper.config.ts");

// Outside the repository: its `.env` must not be written to.
writeFileSync(config, `export { default } from ${JSON.stringify(join(root, "vesper.config.ts"))};`);

try {
  // The first start makes the data folder and reads the files from the disk.
  await round();
  const rounds: Awaited<ReturnType<typeof round>>[] = [];
  for (let number = 0; number < ROUNDS; number++) rounds.push(await round());

  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${ROUNDS} starts, medians`);
  const show = (times: readonly number[]) =>
    `${(median(times) / 1000).toFixed(2)} s (${(Math.min(...times) / 1000).toFixed(2)} to ${(Math.max(...times) / 1000).toFixed(2)})`;
  console.log(`up: ${show(rounds.map(({ up }) => up))}`);
  console.log(`down: ${show(rounds.map(({ down }) => down))}`);
} finally {
  rmSync(folder, { recursive: true });
}

/** One start and one stop, milliseconds. */
async function round(): Promise<{ readonly up: number; readonly down: number }> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, "local/start.ts")], {
    cwd: folder,
    env: { ...process.env, VESPER_PORT: "0", VESPER_DATA: join(folder, "data"), VESPER_CONFIG: config },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await isUp(child);
  const up = performance.now() - began;
  const stopping = performance.now();
  child.kill("SIGTERM");
  await once(child, "exit");
  return { up, down: performance.now() - stopping };
}

async function isUp(child: ChildProcess): Promise<void> {
  const { promise, resolve: found, reject } = Promise.withResolvers<void>();
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
    if (text.includes("Vesper runs at")) found();
  });
  child.once("exit", (code) => reject(new Error(`the stack ended with ${code}: ${text}`)));
  await promise;
}
