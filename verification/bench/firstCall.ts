import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startSqs } from "../../emulators/sqs/startSqs.ts";
import { startSsm } from "../../emulators/ssm/startSsm.ts";
import { bundleFunction, bundleText } from "../../test/cdk/bundleFunction.ts";
import { SIGNING_SECRET } from "../simulation/configOf.ts";
import { webhookEvent } from "../simulation/webhookEvent.ts";
import { machine, tellFigures } from "./figures.ts";
import { median } from "./median.ts";

/**
 * `npm run bench:first-call [ROUNDS]`: how long a fresh process of the webhook function takes until its first call is
 * acknowledged, the import of its bundle in it; and a process that only reads the same secret and queues the same message
 * by the AWS SDK. Both call the same emulators, which are another process's. They take turns.
 */

const ROUNDS = Number(process.argv[2] ?? 40);

const PREFIX = "/vesper/Bench";

const CREDENTIALS = { accessKeyId: "bench", secretAccessKey: "bench" };

/** What the function does, by the AWS clients alone. */
const BARE = `
  import { SQSClient, SendMessageBatchCommand } from "@aws-sdk/client-sqs";
  import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
  export async function handler({ body, id }) {
    const [sqs, ssm] = [new SQSClient(), new SSMClient()];
    await ssm.send(new GetParametersCommand({ Names: [process.env.SECRETS_PREFIX + "/HTTP_SIGNING_SECRET"], WithDecryption: true }));
    const entry = { Id: "0", MessageBody: body, MessageGroupId: "bench", MessageDeduplicationId: id };
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: process.env.INBOUND_QUEUE_URL, Entries: [entry] }));
    return { statusCode: 202 };
  }`;

/** Run in the fresh process: the time from before the import until the handler has answered, milliseconds. */
const MEASURE = `
  let text = "";
  process.stdin.on("data", (chunk) => { text += chunk; }).once("end", async () => {
    const { path, event } = JSON.parse(text);
    const began = performance.now();
    const { handler } = require(path);
    const imported = performance.now();
    const { statusCode } = await handler(event, { getRemainingTimeInMillis: () => 10_000 });
    const answered = performance.now();
    if (statusCode !== 202) throw new Error("answered with " + statusCode);
    process.stdout.write(JSON.stringify({ imported: imported - began, answered: answered - began }));
    process.exit();
  });`;

const folder = mkdtempSync(join(tmpdir(), "vesper-bench-"));

const [sqs, ssm] = await Promise.all([
  startSqs(),
  startSsm({ parameters: () => new Map([[`${PREFIX}/HTTP_SIGNING_SECRET`, SIGNING_SECRET]]) }),
]);

try {
  const client = new SQSClient({ region: "us-east-1", endpoint: sqs.endpoint, credentials: CREDENTIALS });
  await client.send(new CreateQueueCommand({ QueueName: "inbound.fifo", Attributes: { FifoQueue: "true" } }));
  client.destroy();
  const own = subject("own", (await bundleFunction("webhook")).text, (body, id) =>
    webhookEvent("http", body, id, Date.now()),
  );
  const bare = subject("bare", (await bundleText(BARE)).text, (body, id) => ({ body, id }));
  // The first round reads the files from the disk.
  for (const one of [own, bare]) await measure(one, "first");
  own.times.length = bare.times.length = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const one of round % 2 === 0 ? [own, bare] : [bare, own]) await measure(one, String(round));
  }
  const of = (times: readonly Times[]) => ({
    imported: median(times.map(({ imported }) => imported)),
    answered: median(times.map(({ answered }) => answered)),
  });
  const [mine, clients] = [of(own.times), of(bare.times)];
  const ratio = mine.answered / clients.answered;
  console.log(`${machine()}; ${ROUNDS} processes each, medians`);
  console.log(`webhook: import ${mine.imported.toFixed(1)} ms, its first call answered ${mine.answered.toFixed(1)} ms`);
  console.log(`clients: import ${clients.imported.toFixed(1)} ms, their calls made ${clients.answered.toFixed(1)} ms`);
  console.log(`ratio ${ratio.toFixed(2)}`);
  tellFigures({ coldMs: mine.answered, coldRatio: ratio, firstCallMs: mine.answered - mine.imported });
} finally {
  await Promise.all([sqs.close(), ssm.close()]);
  rmSync(folder, { recursive: true });
}

interface Times {
  readonly imported: number;
  readonly answered: number;
}

/** A bundle as a file, and what its processes took. */
function subject(name: string, text: string, eventOf: (body: string, id: string) => object) {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, text);
  const times: Times[] = [];
  return { name, path, eventOf, times };
}

async function measure({ name, path, eventOf, times }: ReturnType<typeof subject>, round: string): Promise<void> {
  const id = `${name}-${round}`;
  const body = JSON.stringify({ conversation: id, user: { id: "ann" }, text: "hello", sentAt: Date.now() });
  const child = spawn(process.execPath, ["--eval", MEASURE], {
    env: {
      ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" },
      ...{ AWS_ENDPOINT_URL_SQS: sqs.endpoint, AWS_ENDPOINT_URL_SSM: ssm.endpoint },
      ...{ INBOUND_QUEUE_URL: sqs.queueUrl("inbound.fifo"), SECRETS_PREFIX: PREFIX },
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (chunk) => {
    said += chunk;
  });
  child.stdin.end(JSON.stringify({ path, event: eventOf(body, id) }));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${said}`);
  times.push(JSON.parse(said.split("\n").at(-1) ?? ""));
}
