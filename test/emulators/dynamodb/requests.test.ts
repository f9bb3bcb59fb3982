import { GetCommand, PutCommand, QueryCommand, type QueryCommandOutput, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { contentsOf } from "./replay.ts";
import { startForTest, startTable, TABLE } from "./startTable.ts";

const TARGET = "DynamoDB_20120810.";

/** Sends a request as it is, and answers the status and the name of the error. */
async function send(endpoint: string, target: string, body: string, headers = { authorization: "AWS4-HMAC-SHA256" }) {
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": target, ...headers },
    body,
  });
  const answer: { __type?: string } = JSON.parse(await response.text());
  return [response.status, answer.__type?.split("#").at(-1)];
}

describe("a wrong request", () => {
  it.each([
    ["PutItem", "{", "SerializationException"],
    ["PutItem", "", "SerializationException"],
    ["PutItem", "[]", "SerializationException"],
    ["PutItem", '{"TableName":1}', "SerializationException"],
    ["PutItem", "{}", "ValidationException"],
    ["PutItem", '{"TableName":"nowhere","Item":{"pk":{"S":"a"}}}', "ResourceNotFoundException"],
    ["PutItem", `{"TableName":"${TABLE}","Item":{"pk":{"S":"a"}}}`, "ValidationException"],
    ["PutItem", `{"TableName":"${TABLE}","Item":{"pk":{"S":"a"},"sk":null}}`, "ValidationException"],
    ["PutItem", `{"TableName":"${TABLE}","Item":{"pk":{"S":"a"},"sk":{"S":"b"},"g2":{"S":""}}}`, "ValidationException"],
    [
      "PutItem",
      `{"TableName":"${TABLE}","Item":{"pk":{"S":"a"},"sk":{"S":"b"},"g2":{"N":"1"}}}`,
      "ValidationException",
    ],
    ["UpdateItem", `{"TableName":"${TABLE}","Key":{"pk":{"S":"a"}}}`, "ValidationException"],
    ["Query", `{"TableName":"${TABLE}"}`, "ValidationException"],
    ["Query", `{"TableName":"${TABLE}","IndexName":"none"}`, "ValidationException"],
    ["TransactWriteItems", '{"TransactItems":[{}]}', "ValidationException"],
    ["TransactWriteItems", '{"TransactItems":[null]}', "ValidationException"],
    ["TransactWriteItems", '{"TransactItems":[{"Put":{}}]}', "ValidationException"],
    ["TransactGetItems", '{"TransactItems":[null]}', "ValidationException"],
    ["BatchWriteItem", `{"RequestItems":{"${TABLE}":[null]}}`, "ValidationException"],
    ["TransactWriteItems", '{"TransactItems":5}', "SerializationException"],
    ["TransactGetItems", '{"TransactItems":[{}]}', "ValidationException"],
    ["TransactGetItems", `{"TransactItems":[{"Get":{"TableName":"nowhere","Key":{}}}]}`, "ResourceNotFoundException"],
    [
      "TransactGetItems",
      `{"TransactItems":[{"Get":{"TableName":"${TABLE}","Key":{}}}]}`,
      "TransactionCanceledException",
    ],
    ["UpdateTimeToLive", `{"TableName":"${TABLE}"}`, "ValidationException"],
    ["DescribeTimeToLive", '{"TableName":"nowhere"}', "ResourceNotFoundException"],
    ["DescribeTable", '{"TableName":"nowhere"}', "ResourceNotFoundException"],
    ["CreateTable", "{}", "ValidationException"],
    ["DeleteTable", `{"TableName":"${TABLE}"}`, "UnknownOperationException"],
    ["UpdateTable", `{"TableName":"${TABLE}"}`, "UnknownOperationException"],
    ["Nothing", "{}", "UnknownOperationException"],
  ])("is answered to %s %s with %s", async (operation, body, name) => {
    const { db } = await startTable();
    expect(await send(db.endpoint, TARGET + operation, body)).toEqual([400, name]);
    expect(await send(db.endpoint, `${TARGET}ListTables`, "{}")).toEqual([200, undefined]);
  });

  it.each([
    ["ListStreams", '{"Limit":0}', "ValidationException"],
    ["DescribeStream", "{}", "ValidationException"],
    ["GetShardIterator", "{}", "ValidationException"],
    ["GetRecords", '{"ShardIterator":"nonsense"}', "ValidationException"],
    ["GetRecords", '{"ShardIterator":"a|1|b"}', "ValidationException"],
  ])("%s %s: %s", async (operation, body, name) => {
    const { endpoint } = await startForTest({});
    expect(await send(endpoint, `DynamoDBStreams_20120810.${operation}`, body)).toEqual([400, name]);
  });

  it("is answered as such, too, without a signature", async () => {
    const { endpoint } = await startForTest({});
    const answer = await send(endpoint, `${TARGET}ListTables`, "{}", { authorization: "" });
    expect(answer).toEqual([400, "MissingAuthenticationTokenException"]);
  });
});

it("measures keys in bytes, not in characters", async () => {
  const { doc } = await startTable();
  const put = (pk: string, sk: string) => doc.send(new PutCommand({ TableName: TABLE, Item: { pk, sk } }));
  await put("é".repeat(1024), "é".repeat(512));
  await expect(put(`${"é".repeat(1024)}x`, "s")).rejects.toMatchObject({ name: "ValidationException" });
  await expect(put("p", `${"é".repeat(512)}x`)).rejects.toMatchObject({ name: "ValidationException" });
});

it("holds in an index every item that has the index's key, though thousands have the same", async () => {
  const { raw, doc } = await startTable();
  // dynalite's index keys differ in 24 bits of a hash: among 9,000 items some two collide almost certainly.
  const puts = Array.from({ length: 9000 }, (_, n) => new PutCommand({ TableName: TABLE, Item: item(n) }));
  for (let at = 0; at < puts.length; at += 100) await Promise.all(puts.slice(at, at + 100).map((put) => doc.send(put)));
  expect((await contentsOf(raw, "keysOnly")).size).toBe(9000);
  const found = new Set<string>();
  for (
    let ExclusiveStartKey: QueryCommandOutput["LastEvaluatedKey"], page = 0;
    page === 0 || ExclusiveStartKey;
    page += 1
  ) {
    const answer: QueryCommandOutput = await doc.send(
      new QueryCommand({
        TableName: TABLE,
        IndexName: "keysOnly",
        KeyConditionExpression: "g2 = :g",
        ExpressionAttributeValues: { ":g": "g" },
        ScanIndexForward: false,
        Limit: 1000,
        ExclusiveStartKey,
      }),
    );
    for (const { sk } of answer.Items ?? []) found.add(sk);
    ExclusiveStartKey = answer.LastEvaluatedKey;
  }
  expect(found.size).toBe(9000);

  function item(n: number) {
    return { pk: "p", sk: String(n), g2: "g" };
  }
}, 60_000);

it("removes from a list the elements that the positions meant before", async () => {
  const { doc } = await startTable();
  const Key = { pk: "p", sk: "1" };
  await doc.send(new PutCommand({ TableName: TABLE, Item: { ...Key, l: ["a", "b", "c", "d"] } }));
  const UpdateExpression = "REMOVE l[0], l[2] SET l[3] = :x";
  await doc.send(
    new UpdateCommand({ TableName: TABLE, Key, UpdateExpression, ExpressionAttributeValues: { ":x": "x" } }),
  );
  const { Item } = await doc.send(new GetCommand({ TableName: TABLE, Key }));
  expect(Item?.l).toEqual(["b", "x"]);
});
