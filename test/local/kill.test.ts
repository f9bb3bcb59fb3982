import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { StackFile } from "../../lib/operator/gateway/stackFile.ts";

const FIXTURE = join(import.meta.dirname, "../harness/fixtures/local");
const MESSAGES = 40;

let folder: string;
let child: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vesper-kill-"));
  writeFileSync(
    join(folder, "vesper.config.ts"),
    `export { default } from ${JSON.stringify(join(FIXTURE, "vesper.config.ts"))};`,
  );
});

afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

async function run(): Promise<StackFile> {
  const started = spawn(process.execPath, [join(FIXTURE, "run.ts"), folder], { stdio: ["ignore", "pipe", "inherit"] });
  child = started;
  const [line] = await once(started.stdout, "data");
  return JSON.parse(String(line));
}

async function kill(): Promise<void> {
  if (child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

/** What the last function of the chain has seen. */
async function seen({ endpoints, credentials, tableName }: StackFile): Promise<readonly string[]> {
  const client = new DynamoDBClient({ region: "us-east-1", credentials, endpoint: endpoints.dynamodb });
  const { Items: items = [] } = await client.send(
    new QueryCommand({
      TableName: tableName,
      KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
      ExpressionAttributeValues: { ":pk": { S: "SEEN" }, ":sk": { S: "SEEN#" } },
    }),
  );
  client.destroy();
  return items.map(({ sk }) => sk?.S ?? "").sort();
}

it("B5 loses no message that was acknowledged, however often it is killed on the way", async () => {
  let stack = await run();
  const acknowledged: string[] = [];
  for (let number = 0; number < MESSAGES; number += 1) {
    const body = `m${String(number).padStart(2, "0")}`;
    const response = await fetch(`${stack.url}/do/queue`, {
      method: "POST",
      body,
      headers: { "content-type": "text/plain" },
    });
    expect(response.status).toBe(202);
    acknowledged.push(`SEEN#IN#${body}`);
    if (number % 13 === 12) {
      await kill();
      stack = await run();
    }
  }

  await expect.poll(() => seen(stack), { timeout: 15_000, interval: 200 }).toEqual(acknowledged);
}, 40_000);
