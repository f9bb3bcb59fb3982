import {
  DescribeStreamCommand,
  ExpiredIteratorException,
  GetRecordsCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from "@aws-sdk/client-dynamodb-streams";
import { DeleteCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it, vi } from "vitest";
import { iteratorOf, readStream, recordsFrom } from "./readStream.ts";
import { startTable, TABLE, TABLE_INPUT } from "./startTable.ts";

const HOUR = 3_600_000;

const put = (sk: string, more = {}) => new PutCommand({ TableName: TABLE, Item: { pk: "p", sk, ...more } });

const sorts = (records: Awaited<ReturnType<typeof readStream>>) => records.map((one) => one.dynamodb?.Keys?.sk?.S);

afterEach(() => {
  vi.useRealTimers();
});

it("tells without a request how many records a stream has had", async () => {
  const { doc, db, streamArn } = await startTable();
  expect(db.lastRecord(streamArn)).toBe(0);
  await doc.send(put("1", { n: 1 }));
  await doc.send(put("1", { n: 2 }));
  expect(db.lastRecord(streamArn)).toBe(2);
  expect(() => db.lastRecord("none")).toThrow("not found");
});

describe("a record", () => {
  it("tells what was written, when, and what was there before", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
    const { doc, streams, streamArn } = await startTable();
    await doc.send(put("1", { n: 1 }));
    await doc.send(put("1", { n: 2 }));
    await doc.send(new DeleteCommand({ TableName: TABLE, Key: { pk: "p", sk: "1" } }));
    const records = await readStream(streams, streamArn);
    const Keys = { pk: { S: "p" }, sk: { S: "1" } };
    const images = [
      { ...Keys, n: { N: "1" } },
      { ...Keys, n: { N: "2" } },
    ];
    expect(records.map(({ eventName }) => eventName)).toEqual(["INSERT", "MODIFY", "REMOVE"]);
    expect(records[1]).toMatchObject({
      eventSource: "aws:dynamodb",
      eventVersion: "1.1",
      awsRegion: "us-east-1",
      dynamodb: {
        ApproximateCreationDateTime: new Date(Date.UTC(2026, 0, 1)),
        Keys,
        OldImage: images[0],
        NewImage: images[1],
        StreamViewType: "NEW_AND_OLD_IMAGES",
        // pk, p, sk and 1 thrice, n and a number of two bytes twice.
        SizeBytes: 6 * 3 + 3 * 2,
      },
    });
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3);
    expect(records[0]).not.toHaveProperty("userIdentity");
  });

  it.each([
    ["KEYS_ONLY", [undefined, undefined]],
    ["NEW_IMAGE", [undefined, "2"]],
    ["OLD_IMAGE", ["1", undefined]],
  ] as const)("holds for %s the images %j", async (StreamViewType, images) => {
    const { doc, streams, streamArn } = await startTable(
      {},
      { ...TABLE_INPUT, StreamSpecification: { StreamEnabled: true, StreamViewType } },
    );
    await doc.send(put("1", { n: 1 }));
    await doc.send(put("1", { n: 2 }));
    const [, record] = await readStream(streams, streamArn);
    expect([record?.dynamodb?.OldImage?.n?.N, record?.dynamodb?.NewImage?.n?.N]).toEqual(images);
  });

  it("is not made by a write that changes nothing", async () => {
    const { doc, streams, streamArn } = await startTable();
    const item = { set: new Set(["a", "b"]), map: { list: [1, "x"] } };
    await doc.send(put("1", item));
    await doc.send(put("1", { ...item, set: new Set(["b", "a"]) }));
    await doc.send(new DeleteCommand({ TableName: TABLE, Key: { pk: "p", sk: "2" } }));
    const update = { UpdateExpression: "SET #map.#list[1] = :x", ExpressionAttributeValues: { ":x": "x" } };
    const names = { ExpressionAttributeNames: { "#map": "map", "#list": "list" } };
    await doc.send(new UpdateCommand({ TableName: TABLE, Key: { pk: "p", sk: "1" }, ...update, ...names }));
    expect(await readStream(streams, streamArn)).toHaveLength(1);
  });
});

describe("an iterator", () => {
  it("begins at the oldest record, at or after a record, or at what is to come", async () => {
    const { doc, streams, streamArn } = await startTable();
    for (const sk of ["1", "2", "3"]) await doc.send(put(sk));
    const latest = await iteratorOf(streams, streamArn, "LATEST");
    await doc.send(put("4"));
    const all = await readStream(streams, streamArn);
    const second = all[1]?.dynamodb?.SequenceNumber;
    const at = await iteratorOf(streams, streamArn, "AT_SEQUENCE_NUMBER", second);
    const after = await iteratorOf(streams, streamArn, "AFTER_SEQUENCE_NUMBER", second);
    expect(sorts(all)).toEqual(["1", "2", "3", "4"]);
    expect(sorts(await recordsFrom(streams, at))).toEqual(["2", "3", "4"]);
    expect(sorts(await recordsFrom(streams, after, 1))).toEqual(["3", "4"]);
    expect(sorts(await recordsFrom(streams, latest))).toEqual(["4"]);
  });

  it("goes on from where there was nothing", async () => {
    const { doc, streams, streamArn } = await startTable();
    const empty = await streams.send(
      new GetRecordsCommand({ ShardIterator: await iteratorOf(streams, streamArn, "LATEST") }),
    );
    await doc.send(put("1"));
    expect(empty.Records).toEqual([]);
    expect(sorts(await recordsFrom(streams, empty.NextShardIterator ?? ""))).toEqual(["1"]);
  });

  it("expires after 15 minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
    const { streams, streamArn } = await startTable();
    const ShardIterator = await iteratorOf(streams, streamArn);
    vi.setSystemTime(Date.now() + 15 * 60_000 + 1);
    await expect(streams.send(new GetRecordsCommand({ ShardIterator }))).rejects.toThrow(ExpiredIteratorException);
  });

  it("does not lead to records of more than 24 hours ago", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
    const { doc, streams, streamArn } = await startTable();
    await doc.send(put("1"));
    const [first] = await readStream(streams, streamArn);
    vi.setSystemTime(Date.now() + 23.9 * HOUR);
    await doc.send(put("2"));
    const old = await iteratorOf(streams, streamArn);
    vi.setSystemTime(Date.now() + 0.2 * HOUR);
    await expect(streams.send(new GetRecordsCommand({ ShardIterator: old }))).rejects.toThrow(
      TrimmedDataAccessException,
    );
    const at = iteratorOf(streams, streamArn, "AT_SEQUENCE_NUMBER", first?.dynamodb?.SequenceNumber);
    await expect(at).rejects.toThrow(TrimmedDataAccessException);
    expect(sorts(await readStream(streams, streamArn))).toEqual(["2"]);
  });
});

it("answers no more than 1 MB of records at once", async () => {
  const { doc, streams, streamArn } = await startTable();
  for (const sk of ["1", "2", "3", "4"]) await doc.send(put(sk, { blob: "x".repeat(300 * 1024) }));
  const ShardIterator = await iteratorOf(streams, streamArn);
  expect((await streams.send(new GetRecordsCommand({ ShardIterator }))).Records).toHaveLength(3);
  expect(await readStream(streams, streamArn)).toHaveLength(4);
});

it("finds no stream under another name", async () => {
  const { streams, streamArn } = await startTable();
  const other = streams.send(new DescribeStreamCommand({ StreamArn: `${streamArn}0` }));
  await expect(other).rejects.toThrow(ResourceNotFoundException);
});
