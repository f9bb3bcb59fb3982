import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Webhook } from "standardwebhooks";
import { bundleFunctions, functionSources } from "../../local/functions/bundleFunctions.ts";
import { FunctionThread } from "../../local/functions/FunctionThread.ts";
import { createOffset } from "../../local/lab/moveDate.ts";
import { importing } from "../../test/harness/importing.ts";
import { median } from "./median.ts";

/**
 * `npm run bench:start [STARTS]`: how long the local stack takes from its process's start until it takes webhooks, until the
 * reply to its first message arrives, and from SIGTERM until its process has ended; and how long a function's thread takes
 * until its handler is loaded.
 */

const ROUNDS = Number(process.argv[2] ?? 10);

const root = resolve(import.meta.dirname, "../..");

const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));

const config = join(folder, "vesper.config.ts");

const SECRET = `whsec_${Buffer.alloc(32, "bench").toString("base64")}`;

let replied = Promise.withResolvers<void>();
const receiver = createServer((request, response) => {
  request.resume().once("end", () => {
    response.end();
    replied.resolve();
  });
});
await once(receiver.listen(0, "127.0.0.1"), "listening");
const address = receiver.address();
const port = typeof address === "object" && address ? address.port : 0;

// Outside the repository: its `.env` must not be written to.
writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=${SECRET}\n`, { mode: 0o600 });
writeFileSync(
  config,
  `${importing("builtin", "defineConfig", "http", "secret")}
  export default defineConfig({
    platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET"), replyUrl: "http://127.0.0.1:${port}" }) },
    memory: { builtin: builtin() },
  });`,
);

/** One start, one message and one stop, milliseconds. */
interface Round {
  readonly up: number;
  readonly replied: number;
  readonly down: number;
}

try {
  // Makes the data folder, bundles the functions, and reads the files from the disk.
  const first = await round(0);
  const rounds: Round[] = [];
  for (let number = 1; number <= ROUNDS; number++) rounds.push(await round(number));

  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}; ${ROUNDS} starts, medians`);
  console.log(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
  const seconds = (time: number) => (time / 1000).toFixed(2);
  const show = (times: readonly number[]) =>
    `${seconds(median(times))} s (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`;
  console.log(`the first start: up ${seconds(first.up)} s, first reply ${seconds(first.replied)} s`);
  console.log(`up: ${show(rounds.map(({ up }) => up))}`);
  console.log(`first reply: ${show(rounds.map((one) => one.replied))}`);
  console.log(`down: ${show(rounds.map(({ down }) => down))}`);
  const threads: number[] = [];
  for (let number = 0; number < ROUNDS; number++) threads.push(await threadTime());
  console.log(`a function's thread: ${show(threads)}`);
} finally {
  receiver.close();
  rmSync(folder, { recursive: true });
}

async function round(number: number): Promise<Round> {
  replied = Promise.withResolvers();
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, "local/start.ts")], {
    cwd: folder,
    env: {
      ...process.env,
      ...{ VESPER_PORT: "0", VESPER_CONSOLE_PORT: "0", VESPER_DATA: join(folder, "data"), VESPER_CONFIG: config },
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const url = await isUp(child);
  const up = performance.now() - began;
  await post(url, `msg_${number}_${process.pid}`);
  await replied.promise;
  const first = performance.now() - began;
  const stopping = performance.now();
  child.kill("SIGTERM");
  await once(child, "exit");
  return { up, replied: first, down: performance.now() - stopping };
}

/** How long a thread of the message function takes until it is ready, milliseconds; its bundle is the stack's own. */
async function threadTime(): Promise<number> {
  const entry = join(root, "functions/message.ts");
  const dataPath = join(folder, "data");
  const options = { entries: functionSources(root), configPath: config, folder: join(dataPath, "functions") };
  const bundle = (await bundleFunctions(options)).keep().get(entry) ?? "";
  const spec = { name: "message", bundle, timeout: 60_000, memory: 256, env: { AWS_REGION: "us-east-1" } };
  const began = performance.now();
  const thread = new FunctionThread(spec, {
    dataPath,
    offset: createOffset(),
    simulated: {},
    writeLine: console.error,
  });
  await thread.ready();
  const time = performance.now() - began;
  await thread.close();
  return time;
}

/** The address of the stack, once it says that it runs. */
async function isUp(child: ChildProcess): Promise<string> {
  const { promise, resolve: found, reject } = Promise.withResolvers<string>();
  let text = "";
  child.stdout?.on("data", (chunk) => {
    text += chunk;
    const url = /Vesper runs at (\S+)/.exec(text)?.[1];
    if (url) found(url);
  });
  child.once("exit", (code) => reject(new Error(`the stack ended with ${code}: ${text}`)));
  return promise;
}

async function post(url: string, id: string): Promise<void> {
  const body = JSON.stringify({ conversation: id, user: { id: "ann" }, text: "hello" });
  const now = new Date();
  const { status } = await fetch(`${url}/webhooks/http`, {
    method: "POST",
    headers: {
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
      "webhook-signature": new Webhook(SECRET).sign(id, now, body),
    },
    body,
  });
  if (status !== 202) throw new Error(`the first message was answered with ${status}`);
}
