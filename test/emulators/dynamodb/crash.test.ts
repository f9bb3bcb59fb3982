import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CreateTableCommand, ResourceInUseException, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { ListStreamsCommand } from "@aws-sdk/client-dynamodb-streams";
import { type DynamoDBDocumentClient, PutCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it, onTestFinished } from "vitest";
import { readStream } from "./readStream.ts";
import { contentsOf, indexesOf, replay } from "./replay.ts";
import { clientsOf, TABLE, TABLE_INPUT } from "./startTable.ts";

const ROUNDS = 6;

const WRITERS = 6;

it("keeps every acknowledged write, with one stream record each, when it is killed at any moment", async () => {
  const path = await mkdtemp(join(tmpdir(), "dynamodb-crash-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const acknowledged = new Set<string>();
  const counts = { acknowledged: 0, sent: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const { child, endpoint } = await startChild(path);
    const { raw, doc } = clientsOf(endpoint);
    await raw.send(new CreateTableCommand(TABLE_INPUT)).then(
      () =>
        raw.send(
          new UpdateTimeToLiveCommand({
            TableName: TABLE,
            TimeToLiveSpecification: { Enabled: true, AttributeName: "ttl" },
          }),
        ),
      // It is there from the first round on.
      (error) => expect(error).toBeInstanceOf(ResourceInUseException),
    );
    const writers = Array.from({ length: WRITERS }, (_, writer) =>
      writeUntilDead(doc, `${round}-${writer}`, acknowledged, counts),
    );
    await sleep(60 + Math.random() * 250);
    child.kill("SIGKILL");
    await Promise.all([...writers, once(child, "exit")]);
    await check(path, acknowledged, counts);
  }
  expect(acknowledged.size).toBeGreaterThan(ROUNDS * WRITERS);
}, 60_000);

/** Puts, transactions of three, counting, and items that expire at once, until the connection breaks. */
async function writeUntilDead(
  doc: DynamoDBDocumentClient,
  writer: string,
  acknowledged: Set<string>,
  counts: { acknowledged: number; sent: number },
): Promise<void> {
  const item = (pk: string, sk: string) => ({ pk, sk, g1: sk, s1: pk, g2: sk, name: "x".repeat(300) });
  try {
    for (let number = 0; ; number += 1) {
      const id = `${writer}-${number}`;
      await doc.send(new PutCommand({ TableName: TABLE, Item: item(id, "single") }));
      acknowledged.add(`${id}/single`);
      const TransactItems = ["t1", "t2", "t3"].map((sk) => ({ Put: { TableName: TABLE, Item: item(id, sk) } }));
      await doc.send(new TransactWriteCommand({ TransactItems }));
      for (const sk of ["t1", "t2", "t3"]) acknowledged.add(`${id}/${sk}`);
      counts.sent += 1;
      const update = { Key: { pk: "count", sk: "count" }, UpdateExpression: "ADD n :one" };
      await doc.send(new UpdateCommand({ TableName: TABLE, ...update, ExpressionAttributeValues: { ":one": 1 } }));
      counts.acknowledged += 1;
      const ttl = Math.floor(Date.now() / 1000) - 5;
      await doc.send(new PutCommand({ TableName: TABLE, Item: { ...item(id, "expires"), ttl } }));
    }
  } catch (error) {
    // The killed process answers no more; anything it does answer must be no error.
    expect(error).not.toHaveProperty("$metadata.httpStatusCode");
  }
}

async function check(path: string, acknowledged: Set<string>, counts: { acknowledged: number; sent: number }) {
  const { child, endpoint } = await startChild(path);
  const { raw, streams } = clientsOf(endpoint);
  const { Streams } = await streams.send(new ListStreamsCommand({ TableName: TABLE }));
  // Until the expired items are gone, so that what is compared stands still.
  await sleep(100);
  const records = await readStream(streams, Streams?.[0]?.StreamArn ?? "");
  const table = await contentsOf(raw);
  expect(replay(records)).toEqual(table);
  for (const [index, items] of Object.entries(indexesOf(table))) {
    expect(await contentsOf(raw, index), index).toEqual(items);
  }
  const numbers = records.map((record) => BigInt(record.dynamodb?.SequenceNumber ?? 0));
  expect(numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0n) + 1n)).toBe(true);
  for (const id of acknowledged) expect(table.has(id), id).toBe(true);
  for (const id of table.keys()) {
    const [pk, sk] = id.split("/");
    if (sk !== "t1") continue;
    expect([table.has(`${pk}/t2`), table.has(`${pk}/t3`)], `all of the transaction of ${pk}`).toEqual([true, true]);
  }
  const counted = Number(table.get("count/count")?.n?.N ?? 0);
  expect(counted).toBeGreaterThanOrEqual(counts.acknowledged);
  expect(counted).toBeLessThanOrEqual(counts.sent);
  child.kill("SIGKILL");
  await once(child, "exit");
}

async function startChild(path: string): Promise<{ child: ChildProcess; endpoint: string }> {
  const script = new URL("crashChild.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [script, path], { stdio: ["ignore", "pipe", "inherit"] });
  // One that a failed check leaves alive would hold the test's output open for ever.
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(child.stdout, "data");
  return { child, endpoint: String(line).trim() };
}
