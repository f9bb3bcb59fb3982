import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IdempotentParameterMismatchException, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import { GetCommand, PutCommand, TransactGetCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { readStream } from "./readStream.ts";
import { contentsOf } from "./replay.ts";
import { startTable, TABLE } from "./startTable.ts";

const key = (sk: string) => ({ TableName: TABLE, Key: { pk: "p", sk } });

const put = (sk: string, more = {}) => ({ TableName: TABLE, Item: { pk: "p", sk, ...more } });

const count = (sk: string) => ({
  Update: { ...key(sk), UpdateExpression: "ADD n :one", ExpressionAttributeValues: { ":one": 1 } },
});

afterEach(() => {
  vi.useRealTimers();
});

describe("TransactWriteItems", () => {
  it("does all, in the order given", async () => {
    const { doc, streams, streamArn } = await startTable();
    await doc.send(new PutCommand(put("old")));
    await doc.send(
      new TransactWriteCommand({
        TransactItems: [
          { Put: put("b") },
          count("a"),
          { Delete: key("old") },
          { ConditionCheck: { ...key("none"), ConditionExpression: "attribute_not_exists(pk)" } },
        ],
      }),
    );
    const records = await readStream(streams, streamArn);
    expect(records.map((one) => [one.eventName, one.dynamodb?.Keys?.sk?.S])).toEqual([
      ["INSERT", "old"],
      ["INSERT", "b"],
      ["INSERT", "a"],
      ["REMOVE", "old"],
    ]);
  });

  it("does nothing when one fails, and tells for each why", async () => {
    const { raw, doc } = await startTable();
    await doc.send(new PutCommand(put("1", { text: "x" })));
    const before = await contentsOf(raw);
    const condition = "attribute_not_exists(pk)";
    const error = await doc
      .send(
        new TransactWriteCommand({
          TransactItems: [
            { Put: put("2") },
            { Put: { ...put("1"), ConditionExpression: condition, ReturnValuesOnConditionCheckFailure: "ALL_OLD" } },
            {
              Update: {
                ...key("3"),
                UpdateExpression: "SET a.b = :one",
                ExpressionAttributeValues: { ":one": 1 },
              },
            },
          ],
        }),
      )
      .catch((reason) => reason);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error.message).toContain("[None, ConditionalCheckFailed, ValidationError]");
    expect(error.CancellationReasons).toMatchObject([
      { Code: "None" },
      { Code: "ConditionalCheckFailed", Item: { pk: { S: "p" }, sk: { S: "1" }, text: { S: "x" } } },
      { Code: "ValidationError" },
    ]);
    expect(await contentsOf(raw)).toEqual(before);
  });

  it("happens once under one token, for 10 minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2026, 0, 1) });
    const { doc } = await startTable();
    const again = (item = count("1")) =>
      doc.send(new TransactWriteCommand({ ClientRequestToken: "token", TransactItems: [item] }));
    const counted = async () => (await doc.send(new GetCommand(key("1")))).Item?.n;
    await again();
    await again();
    expect(await counted()).toBe(1);
    await expect(again(count("2"))).rejects.toThrow(IdempotentParameterMismatchException);
    vi.setSystemTime(Date.now() + 10 * 60_000 + 1);
    await again();
    expect(await counted()).toBe(2);
  });

  it.each([
    ["no items", [], "Member must have length greater than or equal to 1"],
    ["101 items", Array.from({ length: 101 }, (_, n) => ({ Put: put(String(n)) })), "less than or equal to 100"],
    ["two on one item", [{ Put: put("1") }, { Delete: key("1") }], "multiple operations on one item"],
    ["an item with two", [{ Put: put("1"), Delete: key("2") }], "can only contain one of"],
    ["a bad expression", [{ Put: { ...put("1"), ConditionExpression: "?" } }], "Invalid ConditionExpression"],
  ])("refuses %s", async (_name, TransactItems, message) => {
    const { doc } = await startTable();
    const error = await doc.send(new TransactWriteCommand({ TransactItems })).catch((reason) => reason);
    expect([error.name, error.message]).toEqual(["ValidationException", expect.stringContaining(message)]);
  });
});

describe("TransactGetItems", () => {
  it("reads each, in order", async () => {
    const { doc } = await startTable();
    await doc.send(new PutCommand(put("1", { a: 1, b: 2 })));
    const { Responses } = await doc.send(
      new TransactGetCommand({
        TransactItems: [{ Get: key("2") }, { Get: { ...key("1"), ProjectionExpression: "a" } }],
      }),
    );
    expect(Responses).toEqual([{}, { Item: { a: 1 } }]);
  });

  it("never sees a part of a transaction", async () => {
    // On disk the reads of one request wait, so that a write could come between.
    const path = await mkdtemp(join(tmpdir(), "dynamodb-transactions-"));
    onTestFinished(() => rm(path, { recursive: true, force: true }));
    const { doc } = await startTable({ path });
    const TransactItems = [{ Get: key("1") }, { Get: key("2") }];
    const seen: unknown[][] = [];
    const read = async () => {
      const { Responses } = await doc.send(new TransactGetCommand({ TransactItems }));
      seen.push((Responses ?? []).map(({ Item }) => Item?.n ?? 0));
    };
    const write = () => doc.send(new TransactWriteCommand({ TransactItems: [count("1"), count("2")] }));
    await Promise.all(Array.from({ length: 30 }, () => [write(), read()]).flat());
    for (const [one, other] of seen) expect(one).toBe(other);
  });
});
