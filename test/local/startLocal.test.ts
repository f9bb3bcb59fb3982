import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as v from "valibot";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LocalGateway, startLocal } from "../../local/startLocal.ts";
import { template } from "../harness/fixtures/local/template.ts";

const ROOT = join(import.meta.dirname, "../harness/fixtures/local");

/** What the first function says of itself. */
const Looked = v.object({
  event: v.unknown(),
  env: v.array(v.string()),
  config: v.string(),
  remaining: v.pipe(v.number(), v.integer()),
});

let folder: string;
let running: LocalGateway[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-local-"));
  writeFileSync(
    join(folder, "vesper.config.ts"),
    `export { default } from ${JSON.stringify(join(ROOT, "vesper.config.ts"))};`,
  );
  writeFileSync(join(folder, ".env"), "GIVEN=value");
});

afterEach(async () => {
  await Promise.all(running.splice(0).map((gateway) => gateway.stop()));
  rmSync(folder, { recursive: true });
});

async function start(print: (line: string) => void = () => undefined): Promise<LocalGateway> {
  const options = { port: 0, dataPath: join(folder, "data"), configPath: join(folder, "vesper.config.ts"), root: ROOT };
  const gateway = await startLocal({ ...options, stackName: "Fixture", template, print });
  running.push(gateway);
  return gateway;
}

async function stop(gateway: LocalGateway): Promise<void> {
  await gateway.stop();
  running = running.filter((other) => other !== gateway);
}

function post(gateway: LocalGateway, what: string, body = ""): Promise<Response> {
  return fetch(`${gateway.url}/do/${what}`, { method: "POST", body, headers: { "content-type": "text/plain" } });
}

/** How often the last function of the chain saw each message. */
async function seen({ stack }: LocalGateway): Promise<Record<string, number>> {
  const dynamodb = new DynamoDBClient({
    ...{ region: "us-east-1", credentials: stack.credentials, endpoint: stack.endpoints.dynamodb },
  });
  const { Items: items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: stack.tableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: "SEEN" } },
    }),
  );
  dynamodb.destroy();
  return Object.fromEntries(items.map(({ sk, times }) => [sk?.S ?? "", Number(times?.N)]));
}

const soon = { timeout: 10_000, interval: 50 };

describe("startLocal", () => {
  it("runs the chain from HTTP over the queue, the table and its stream to the last function", async () => {
    const gateway = await start();

    const response = await post(gateway, "queue", "hello");

    expect([response.status, response.headers.get("x-test"), await response.text()]).toEqual([202, "yes", "queued"]);
    await expect.poll(() => seen(gateway), soon).toEqual({ "SEEN#IN#hello": 1, "SCHEDULE#daily": 1 });
  });

  it("knows how many messages were in the middle of a turn when it was stopped", async () => {
    const first = await start();
    expect(first.interrupted).toBe(0);
    const sqs = new SQSClient({
      region: first.stack.region,
      credentials: first.stack.credentials,
      endpoint: first.stack.endpoints.sqs,
    });
    const QueueUrl = first.stack.queueUrls.inbound;
    for (const MessageBody of ["one", "two"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    sqs.destroy();
    await stop(first);
    expect((await start()).interrupted).toBe(1);
  });

  it("leaves only a reported message in the queue, and it comes again", async () => {
    const gateway = await start();

    await Promise.all(["again", "one", "two"].map((body) => post(gateway, "queue", body)));

    await expect
      .poll(() => seen(gateway), soon)
      .toMatchObject({ "SEEN#IN#again": 1, "SEEN#IN#one": 1, "SEEN#IN#two": 1 });
  });

  it("gives up a stream record after its retries, tells the failure queue, and goes on", async () => {
    const gateway = await start();

    await post(gateway, "queue", "poison");
    await expect
      .poll(() => post(gateway, "queue", "after").then(() => seen(gateway)), soon)
      .toHaveProperty("SEEN#IN#after");

    const { credentials, endpoints } = gateway.stack;
    const sqs = new SQSClient({ region: "us-east-1", credentials, endpoint: endpoints.sqs });
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: gateway.stack.queueUrls.streamFailures, WaitTimeSeconds: 5 }),
    );
    sqs.destroy();
    expect(JSON.parse(messages[0]?.Body ?? "")).toMatchObject({
      requestContext: { condition: "RetryAttemptsExhausted", approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { batchSize: 1 },
    });
  });

  it("stops a function at its timeout, and its failures are its own", async () => {
    const lines: string[] = [];
    const gateway = await start((line) => lines.push(line));

    const [hang, exit, fault, fine] = await Promise.all(
      ["hang", "exit", "throw", "look"].map((what) => post(gateway, what)),
    );

    expect([hang, exit, fault, fine].map((response) => response?.status)).toEqual([500, 500, 500, 200]);
    expect(lines.join("\n")).toMatch(/front was stopped after its timeout of 1 s/);
    expect(lines.join("\n")).toMatch(/front exited with code 3/);
    expect(lines.join("\n")).toMatch(/front threw RangeError: on purpose/);
    expect((await post(gateway, "look")).status).toBe(200);
  });

  it("gives a function the template's environment and #config, and nothing of the runner's", async () => {
    process.env.LEAK = "yes";
    const gateway = await start();

    const { event, env, config, remaining } = v.parse(
      Looked,
      await (await post(gateway, "look?a=1&a=2", "text")).json(),
    );

    expect(config).toBe("fixture");
    expect(env).toContain("QUEUE_URL");
    expect(env).not.toContain("LEAK");
    expect(remaining).toBeLessThanOrEqual(1000);
    expect(event).toMatchObject({
      version: "2.0",
      routeKey: "ANY /do/{do}",
      rawPath: "/do/look",
      pathParameters: { do: "look" },
      queryStringParameters: { a: "1,2" },
      body: "text",
      isBase64Encoded: false,
    });
    expect(await (await post(gateway, "secret")).text()).toBe("value");
  });

  it("goes on after a restart where it stopped: nothing is lost, nothing that was done is done again", async () => {
    const first = await start();
    await post(first, "queue", "before");
    await expect.poll(() => seen(first), soon).toHaveProperty("SEEN#IN#before");
    await post(first, "queue", "between");
    await stop(first);

    const second = await start();
    await post(second, "queue", "after");

    await expect
      .poll(() => seen(second), soon)
      .toEqual({ "SEEN#IN#before": 1, "SEEN#IN#between": 1, "SEEN#IN#after": 1, "SCHEDULE#daily": 2 });
  });

  it("makes up a signing secret, names a missing one, and keeps .env to its owner", async () => {
    writeFileSync(join(folder, ".env"), "");

    const { secrets } = await start();

    expect(secrets).toEqual({ generated: ["TEST_SIGNING_SECRET"], missing: ["GIVEN"] });
    expect(readFileSync(join(folder, ".env"), "utf8")).toMatch(/^TEST_SIGNING_SECRET=whsec_[A-Za-z0-9+/]{43}=\n$/);
    expect(statSync(join(folder, ".env")).mode & 0o777).toBe(0o600);
  });

  it("writes stack.json for the operator's tools and removes it at a clean stop, within two seconds", async () => {
    const gateway = await start();
    const file = join(folder, "data", "stack.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(gateway.stack);
    const before = Date.now();

    await stop(gateway);

    expect(Date.now() - before).toBeLessThan(2000);
    expect(existsSync(file)).toBe(false);
  });

  it("says so when the port is in use, and leaves nothing running", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" && address ? address.port : 0;

    const starting = startLocal({
      port,
      dataPath: join(folder, "data"),
      configPath: join(ROOT, "vesper.config.ts"),
      template,
    });

    await expect(starting).rejects.toThrow(
      `port ${port} is in use: stop what uses it, or give another with VESPER_PORT`,
    );
    other.close();
  });

  it("says so when another gateway has the data folder", async () => {
    await start();

    await expect(start()).rejects.toThrow(/in use/);
  });
});
