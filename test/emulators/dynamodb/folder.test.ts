import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTimeToLiveCommand, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { PutCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { expect, it, onTestFinished } from "vitest";
import { DataFolderError } from "../../../emulators/dynamodb/DataFolderError.ts";
import { startDynamoDb } from "../../../emulators/dynamodb/startDynamoDb.ts";
import { iteratorOf, readStream, recordsFrom } from "./readStream.ts";
import { contentsOf } from "./replay.ts";
import { clientsOf, startForTest, startTable, TABLE } from "./startTable.ts";

async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "dynamodb-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const put = (sk: string) => ({ TableName: TABLE, Item: { pk: "p", sk, g1: "g", s1: sk, ttl: 1_700_000_000 } });

it("keeps tables, items, records, numbers, tokens and settings over a restart", async () => {
  const path = join(await temporaryFolder(), "made", "when", "missing");
  const first = await startTable({ path });
  const transaction = new TransactWriteCommand({ ClientRequestToken: "token", TransactItems: [{ Put: put("1") }] });
  await first.doc.send(transaction);
  const before = [await contentsOf(first.raw), await readStream(first.streams, first.streamArn)];
  const latest = await iteratorOf(first.streams, first.streamArn, "LATEST");
  await first.db.close();

  const db = await startForTest({ path, ttlInterval: 0 });
  const { raw, doc, streams } = clientsOf(db.endpoint);
  expect((await raw.send(new ListTablesCommand({}))).TableNames).toEqual([TABLE]);
  expect([await contentsOf(raw), await readStream(streams, first.streamArn)]).toEqual(before);
  const { TimeToLiveDescription } = await raw.send(new DescribeTimeToLiveCommand({ TableName: TABLE }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "ttl" });
  await doc.send(transaction);
  await doc.send(new PutCommand(put("2")));
  const records = await recordsFrom(streams, latest);
  expect(records.map((one) => one.dynamodb?.Keys?.sk?.S)).toEqual(["2"]);
  expect(await db.expire()).toBe(2);
});

it("says that a folder is in use, and leaves it alone", async () => {
  const path = await temporaryFolder();
  const { raw } = await startTable({ path });
  const error = await startDynamoDb({ path }).catch((reason) => reason);
  expect(error).toBeInstanceOf(DataFolderError);
  expect(error).toMatchObject({ path, problem: "in use", retry: true });
  expect((await raw.send(new ListTablesCommand({}))).TableNames).toEqual([TABLE]);
});

it("says that a folder is broken", async () => {
  const path = await temporaryFolder();
  const { db } = await startTable({ path });
  await db.close();
  const manifest = (await readdir(path)).find((name) => name.startsWith("MANIFEST"));
  await writeFile(join(path, manifest ?? ""), "nonsense");
  const error = await startDynamoDb({ path }).catch((reason) => reason);
  expect(error).toMatchObject({ name: "DataFolderError", problem: "broken", retry: false });
  expect(error.cause).toBeInstanceOf(Error);
});

it("says that a folder cannot be one", async () => {
  const path = join(await temporaryFolder(), "file");
  await writeFile(path, "");
  await expect(startDynamoDb({ path })).rejects.toMatchObject({ name: "DataFolderError", problem: "unusable" });
});
