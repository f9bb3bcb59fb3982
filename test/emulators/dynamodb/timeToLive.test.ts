import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTimeToLiveCommand, UpdateTimeToLiveCommand } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { readStream } from "./readStream.ts";
import { contentsOf } from "./replay.ts";
import { startTable, TABLE } from "./startTable.ts";

const NOW = Date.UTC(2026, 0, 1) / 1000;

const put = (sk: string, more: object) => new PutCommand({ TableName: TABLE, Item: { pk: "p", sk, ...more } });

const setting = (Enabled: boolean, AttributeName = "ttl") =>
  new UpdateTimeToLiveCommand({ TableName: TABLE, TimeToLiveSpecification: { Enabled, AttributeName } });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

it("deletes what has expired, and nothing else", async () => {
  const { db, raw, doc } = await startTable();
  await doc.send(put("past", { ttl: NOW - 1 }));
  await doc.send(put("past with index keys", { ttl: NOW - 1, g1: "g", s1: "s", g2: "g" }));
  await doc.send(put("future", { ttl: NOW + 1 }));
  await doc.send(put("text", { ttl: String(NOW - 1) }));
  await doc.send(put("none", {}));
  await doc.send(put("4 years ago", { ttl: NOW - 4 * 365 * 86_400 }));
  await doc.send(put("6 years ago", { ttl: NOW - 6 * 365 * 86_400 }));
  expect(await db.expire()).toBe(3);
  expect([...(await contentsOf(raw)).keys()]).toEqual(["p/6 years ago", "p/future", "p/none", "p/text"]);
  expect((await contentsOf(raw, "everything")).size).toBe(0);
  vi.setSystemTime((NOW + 2) * 1000);
  expect(await db.expire()).toBe(1);
});

it("shows in the stream that the service deleted", async () => {
  const { db, doc, streams, streamArn } = await startTable();
  await doc.send(put("1", { ttl: NOW - 1 }));
  await doc.send(put("2", { ttl: NOW + 1 }));
  await db.expire();
  await doc.send(new DeleteCommand({ TableName: TABLE, Key: { pk: "p", sk: "2" } }));
  const removals = (await readStream(streams, streamArn)).filter(({ eventName }) => eventName === "REMOVE");
  expect(removals.map(({ userIdentity }) => userIdentity)).toEqual([
    { PrincipalId: "dynamodb.amazonaws.com", Type: "Service" },
    undefined,
  ]);
  expect(removals[0]?.dynamodb?.Keys).toEqual({ pk: { S: "p" }, sk: { S: "1" } });
});

it("never deletes an item that is given more time meanwhile", async () => {
  // On disk the sweep waits for each read, so that requests come between; the last items have to wait longest.
  const path = await mkdtemp(join(tmpdir(), "dynamodb-ttl-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  const { db, doc } = await startTable({ path });
  const keys = Array.from({ length: 300 }, (_, number) => ({ pk: "p", sk: String(1000 + number) }));
  await Promise.all(keys.map(({ sk }) => doc.send(put(sk, { ttl: NOW - 1 }))));
  const extend = { UpdateExpression: "SET #ttl = :later", ConditionExpression: "attribute_exists(pk)" };
  const names = { ExpressionAttributeNames: { "#ttl": "ttl" }, ExpressionAttributeValues: { ":later": NOW + 9 } };
  const expiring = db.expire();
  const extensions = await Promise.allSettled(
    keys.toReversed().map((Key) => doc.send(new UpdateCommand({ TableName: TABLE, Key, ...extend, ...names }))),
  );
  const deleted = await expiring;
  for (const [at, { status }] of extensions.entries()) {
    const { Item } = await doc.send(new GetCommand({ TableName: TABLE, Key: keys.at(-1 - at) }));
    expect(Item !== undefined, `item ${at}, ${status}`).toBe(status === "fulfilled");
  }
  expect(deleted).toBe(extensions.filter(({ status }) => status === "rejected").length);
  expect(deleted, "both must have happened").toBeGreaterThan(0);
  expect(deleted, "both must have happened").toBeLessThan(keys.length);
});

it("turns off, and on for items that are there", async () => {
  const { db, raw, doc } = await startTable();
  await doc.send(put("1", { ttl: NOW - 1, other: NOW - 1 }));
  await expect(raw.send(setting(true))).rejects.toThrow("TimeToLive is already enabled");
  await expect(raw.send(setting(true, "other"))).rejects.toThrow("current AttributeName is ttl");
  await raw.send(setting(false));
  expect(await db.expire()).toBe(0);
  await expect(raw.send(setting(false))).rejects.toThrow("TimeToLive is already disabled");
  await raw.send(setting(true, "other"));
  const { TimeToLiveDescription } = await raw.send(new DescribeTimeToLiveCommand({ TableName: TABLE }));
  expect(TimeToLiveDescription).toEqual({ TimeToLiveStatus: "ENABLED", AttributeName: "other" });
  expect(await db.expire()).toBe(1);
});

it("deletes by itself", async () => {
  const { raw, doc } = await startTable({ ttlInterval: 10 });
  await doc.send(put("1", { ttl: NOW - 1 }));
  await vi.waitFor(async () => expect((await contentsOf(raw)).size).toBe(0));
});
