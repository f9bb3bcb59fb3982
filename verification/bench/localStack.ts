import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { signWebhook } from "../../lib/adapter/signing/standardWebhooks.ts";
import { bundleFunctions, functionSources } from "../../local/functions/bundleFunctions.ts";
import { FunctionThread } from "../../local/functions/FunctionThread.ts";
import { createOffset } from "../../local/lab/moveDate.ts";
import { importing } from "../../test/harness/importing.ts";
import { machine, tellFigures } from "./figures.ts";
import { chatReceiver } from "./localStack/chatReceiver.ts";
import { median } from "./median.ts";
import { type Stack, startStack } from "./startStack.ts";

/**
 * `npm run bench:local [STARTS]`: the stack that `npm start` runs, in a process of its own: how long from its start until
 * it takes webhooks and until the reply to its first message arrives; how long a message takes alone; how many replies a
 * second come where many people write at once; how long a function's thread takes until its handler is loaded.
 */

const STARTS = Number(process.argv[2] ?? 10);

/** Messages one after another, each of another conversation. */
const ALONE = 300;

/** Conversations side by side, and messages of each. */
const [CROWD, EACH] = [64, 40];

/** Where it takes webhooks, which it says when it does. */
const UP = /(?<=Vesper runs at )\S+/;

/** Messages until code is warm; they are not counted. */
const WARM_UP = 100;

const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));
const key = Buffer.alloc(32, "bench");
const configPath = join(folder, "vesper.config.ts");
const receiver = await chatReceiver();

writeFileSync(join(folder, ".env"), `HTTP_SIGNING_SECRET=whsec_${key.toString("base64")}\n`, { mode: 0o600 });
writeFileSync(
  configPath,
  `${importing("builtin", "defineConfig", "http", "secret")}
  export default defineConfig({
    platforms: { http: http({ secret: secret("HTTP_SIGNING_SECRET"), replyUrl: "${receiver.url}" }) },
    memory: { builtin: builtin() },
  });`,
);

try {
  // Makes the data folder, bundles the functions, and reads the files from the disk.
  const first = await start();
  const starts: Awaited<ReturnType<typeof start>>[] = [];
  for (let number = 0; number < STARTS; number++) starts.push(await start());
  const alone = await talkAlone();
  const crowd = await talkTogether();
  const threads: number[] = [];
  for (let number = 0; number < STARTS; number++) threads.push(await threadTime());

  const answers = starts.map(({ answered }) => answered);
  console.log(`${machine()}; ${STARTS} starts, medians`);
  console.log(`the first start: up ${seconds(first.up)} s, first reply ${seconds(first.answered)} s`);
  console.log(`up: ${show(starts.map(({ up }) => up))}`);
  console.log(`first reply: ${show(answers)}`);
  console.log(`down: ${show(starts.map(({ down }) => down))}`);
  console.log(`a function's thread: ${show(threads)}`);
  console.log(
    `a message alone: ${ms(median(alone.times))} (95 of 100: ${ms(at(alone.times, 0.95))}), CPU ${ms(alone.cpu)}`,
  );
  console.log(
    `${CROWD} conversations at once: ${crowd.rate.toFixed(0)} replies a second, CPU ${ms(crowd.cpu)} a message`,
  );
  tellFigures({ firstAnswerMs: median(answers), aloneMs: median(alone.times), repliesPerSecond: crowd.rate });
} finally {
  await receiver.close();
  rmSync(folder, { recursive: true });
}

/** One start, one message and one stop, milliseconds. */
async function start() {
  const began = performance.now();
  const stack = await startStack(folder, UP);
  const up = performance.now() - began;
  await say(stack, "first");
  const answered = performance.now() - began;
  await stack.stop();
  return { up, answered, down: performance.now() - began - answered };
}

async function talkAlone() {
  const stack = await startStack(folder, UP);
  for (let number = 0; number < WARM_UP; number++) await say(stack, `warm-${number}`);
  const before = stack.cpu();
  const times: number[] = [];
  for (let number = 0; number < ALONE; number++) {
    const began = performance.now();
    await say(stack, `alone-${number}`);
    times.push(performance.now() - began);
  }
  const cpu = (stack.cpu() - before) / ALONE;
  await stack.stop();
  return { times, cpu };
}

async function talkTogether() {
  const stack = await startStack(folder, UP);
  const talk = (messages: number) =>
    Promise.all(
      Array.from({ length: CROWD }, async (_, chat) => {
        for (let number = 0; number < messages; number++) await say(stack, `crowd-${chat}`);
      }),
    );
  await talk(Math.ceil(WARM_UP / CROWD));
  const [before, began] = [stack.cpu(), performance.now()];
  await talk(EACH);
  const took = performance.now() - began;
  const cpu = (stack.cpu() - before) / (CROWD * EACH);
  await stack.stop();
  return { rate: (CROWD * EACH * 1000) / took, cpu };
}

async function say({ told: url }: Stack, conversation: string): Promise<void> {
  const replied = receiver.next(conversation);
  const body = JSON.stringify({ conversation, user: { id: "ann" }, text: "hello, I am Ann and live in Lisbon" });
  const headers = { ...signWebhook([key], `msg_${crypto.randomUUID()}`, Date.now(), body) };
  const response = await fetch(`${url}/webhooks/http`, { method: "POST", headers, body });
  await response.arrayBuffer();
  if (response.status !== 202) throw new Error(`a message was answered with ${response.status}`);
  await replied;
}

/** How long a thread of the message function takes until it is ready, milliseconds; its bundle is the stack's own. */
async function threadTime(): Promise<number> {
  const root = resolve(import.meta.dirname, "../..");
  const dataPath = join(folder, "data");
  const options = { entries: functionSources(root), configPath, folder: join(dataPath, "functions") };
  const bundle = (await bundleFunctions(options)).keep().get(join(root, "functions/message.ts")) ?? "";
  const spec = { name: "message", bundle, timeout: 60_000, memory: 256, env: { AWS_REGION: "us-east-1" } };
  const began = performance.now();
  const host = { dataPath, offset: createOffset(), simulated: {}, writeLine: console.error };
  const thread = new FunctionThread(spec, host);
  await thread.ready();
  const time = performance.now() - began;
  await thread.close();
  return time;
}

function at(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)] ?? Number.NaN;
}

function ms(time: number): string {
  return `${time.toFixed(1)} ms`;
}

function seconds(time: number): string {
  return (time / 1000).toFixed(2);
}

function show(times: readonly number[]): string {
  return `${seconds(median(times))} s (${seconds(Math.min(...times))} to ${seconds(Math.max(...times))})`;
}
