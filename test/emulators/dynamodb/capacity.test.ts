import type { ConsumedCapacity } from "@aws-sdk/client-dynamodb";
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { startTable, TABLE } from "./startTable.ts";

const ReturnConsumedCapacity = "INDEXES";

const KEY = { pk: "p", sk: "s" };

const KB = 1024;

// The bytes of an item of KEY and `text` besides the text itself.
const REST = 2 + 1 + 2 + 1 + 4;

const put = (item: object) => new PutCommand({ TableName: TABLE, Item: { ...KEY, ...item }, ReturnConsumedCapacity });

/** Units by table and index, as `{ total, table, <index> }`. */
function units(capacity: ConsumedCapacity | undefined) {
  const indexes = Object.entries(capacity?.GlobalSecondaryIndexes ?? {});
  return {
    total: capacity?.CapacityUnits,
    table: capacity?.Table?.CapacityUnits,
    ...Object.fromEntries(indexes.map(([index, { CapacityUnits }]) => [index, CapacityUnits])),
  };
}

describe("the table's units of a write", () => {
  it.each([
    ["are one for 1 KB", KB - REST, 1],
    ["are another for the byte after", KB - REST + 1, 2],
    ["are ten for 10 KB", 10 * KB - REST, 10],
  ])("%s", async (_name, length, expected) => {
    const { doc } = await startTable();
    const { ConsumedCapacity: capacity } = await doc.send(put({ text: "x".repeat(length) }));
    expect(units(capacity)).toEqual({ total: expected, table: expected });
  });

  it("count bytes of UTF-8", async () => {
    const { doc } = await startTable();
    const { ConsumedCapacity: capacity } = await doc.send(put({ text: "€".repeat(400) }));
    expect(capacity?.CapacityUnits).toBe(2);
  });

  it("count the larger of what was there and what is there now", async () => {
    const { doc } = await startTable();
    await doc.send(put({ text: "x".repeat(3 * KB) }));
    const smaller = await doc.send(put({}));
    await doc.send(put({ text: "x".repeat(3 * KB) }));
    const deleted = await doc.send(new DeleteCommand({ TableName: TABLE, Key: KEY, ReturnConsumedCapacity }));
    const nothing = await doc.send(new DeleteCommand({ TableName: TABLE, Key: KEY, ReturnConsumedCapacity }));
    const answers = [smaller, deleted, nothing];
    expect(answers.map(({ ConsumedCapacity }) => ConsumedCapacity?.CapacityUnits)).toEqual([4, 4, 1]);
  });

  it("are counted though its condition fails, which the error tells other than the service's", async () => {
    const { doc } = await startTable();
    await doc.send(put({ text: "x".repeat(3 * KB) }));
    const { input } = put({});
    const error = await doc
      .send(new PutCommand({ ...input, ConditionExpression: "attribute_not_exists(pk)" }))
      .catch((reason) => reason);
    expect(error.name).toBe("ConditionalCheckFailedException");
    expect(error.ConsumedCapacity).toMatchObject({ CapacityUnits: 4 });
  });
});

describe("an index's units of a write", () => {
  it("are none while the item is not in it, or nothing that it holds changes", async () => {
    const { doc } = await startTable();
    const gate = await doc.send(put({ g1: "g", n: 1 }));
    await doc.send(put({ g2: "g", n: 1 }));
    const unchanged = await doc.send(put({ g2: "g", n: 2 }));
    expect([gate, unchanged].map(({ ConsumedCapacity }) => units(ConsumedCapacity))).toEqual([
      { total: 1, table: 1 },
      { total: 1, table: 1 },
    ]);
  });

  it("are one write to add, change or remove an entry, by its own size", async () => {
    const { doc } = await startTable();
    const text = "x".repeat(2 * KB);
    const added = await doc.send(put({ text, g1: "g", s1: "s", g2: "g", g3: "g" }));
    const update = { UpdateExpression: "SET #name = :name", ExpressionAttributeNames: { "#name": "name" } };
    const changed = await doc.send(
      new UpdateCommand({
        TableName: TABLE,
        Key: KEY,
        ...update,
        ExpressionAttributeValues: { ":name": "n" },
        ReturnConsumedCapacity,
      }),
    );
    const removed = await doc.send(new DeleteCommand({ TableName: TABLE, Key: KEY, ReturnConsumedCapacity }));
    expect([added, changed, removed].map(({ ConsumedCapacity }) => units(ConsumedCapacity))).toEqual([
      { total: 8, table: 3, everything: 3, keysOnly: 1, some: 1 },
      { total: 7, table: 3, everything: 3, some: 1 },
      { total: 8, table: 3, everything: 3, keysOnly: 1, some: 1 },
    ]);
  });

  it("are two writes when the index key changes", async () => {
    const { doc } = await startTable();
    await doc.send(put({ g2: "g", g3: "g" }));
    const { ConsumedCapacity: capacity } = await doc.send(put({ g2: "h", g3: "g" }));
    expect(units(capacity)).toEqual({ total: 3, table: 1, keysOnly: 2 });
  });
});

describe("the units of a batch or transaction", () => {
  it("are the sum of its writes", async () => {
    const { doc } = await startTable();
    const requests = ["1", "2"].map((sk) => ({ PutRequest: { Item: { pk: "p", sk, g2: "g" } } }));
    const { ConsumedCapacity: [capacity] = [] } = await doc.send(
      new BatchWriteCommand({ RequestItems: { [TABLE]: requests }, ReturnConsumedCapacity }),
    );
    expect(units(capacity)).toEqual({ total: 4, table: 2, keysOnly: 2 });
  });

  it("are twice as much of the table, checks too, and reads when it is repeated", async () => {
    const { doc } = await startTable();
    const transaction = new TransactWriteCommand({
      ClientRequestToken: "token",
      TransactItems: [
        { Put: { TableName: TABLE, Item: { ...KEY, g2: "g" } } },
        {
          ConditionCheck: {
            TableName: TABLE,
            Key: { pk: "p", sk: "none" },
            ConditionExpression: "attribute_not_exists(pk)",
          },
        },
      ],
      ReturnConsumedCapacity,
    });
    const first = (await doc.send(transaction)).ConsumedCapacity?.[0];
    const second = (await doc.send(transaction)).ConsumedCapacity?.[0];
    expect(units(first)).toEqual({ total: 5, table: 4, keysOnly: 1 });
    expect(first?.WriteCapacityUnits).toBe(5);
    expect([second?.ReadCapacityUnits, second?.WriteCapacityUnits]).toEqual([4, undefined]);
  });
});

describe("the units of a read", () => {
  it("are half a one for 4 KB, a whole one when consistent, two in a transaction, and as much for nothing", async () => {
    const { doc } = await startTable();
    await doc.send(put({ text: "x".repeat(4 * KB - REST + 1) }));
    const get = async (Key: object, ConsistentRead: boolean) => {
      const answer = await doc.send(new GetCommand({ TableName: TABLE, Key, ConsistentRead, ReturnConsumedCapacity }));
      return answer.ConsumedCapacity?.CapacityUnits;
    };
    const none = { pk: "p", sk: "none" };
    expect([await get(KEY, false), await get(KEY, true)]).toEqual([1, 2]);
    expect([await get(none, false), await get(none, true)]).toEqual([0.5, 1]);
    const { ConsumedCapacity: [batch] = [] } = await doc.send(
      new BatchGetCommand({ RequestItems: { [TABLE]: { Keys: [KEY, none] } }, ReturnConsumedCapacity }),
    );
    const TransactItems = [KEY, none].map((Key) => ({ Get: { TableName: TABLE, Key } }));
    const { ConsumedCapacity: [transaction] = [] } = await doc.send(
      new TransactGetCommand({ TransactItems, ReturnConsumedCapacity }),
    );
    expect([batch?.CapacityUnits, transaction?.CapacityUnits]).toEqual([1.5, 6]);
  });

  it("are for a query the sum of the sizes of what it goes through", async () => {
    const { doc } = await startTable();
    for (const sk of ["1", "2", "3", "4"]) await doc.send(put({ sk, text: "x".repeat(3 * KB), g1: "g", s1: sk }));
    const query = async (more: object) => {
      const input = { TableName: TABLE, KeyConditionExpression: "pk = :p", ReturnConsumedCapacity } as const;
      const values = { ExpressionAttributeValues: { ":p": "p" } };
      return units((await doc.send(new QueryCommand({ ...input, ...values, ...more }))).ConsumedCapacity);
    };
    expect(await query({})).toEqual({ total: 2, table: 2 });
    expect(await query({ ConsistentRead: true })).toEqual({ total: 4, table: 4 });
    expect(await query({ Limit: 1 })).toEqual({ total: 0.5, table: 0.5 });
    expect(await query({ ExpressionAttributeValues: { ":p": "none" } })).toEqual({ total: 0.5, table: 0.5 });
    const index = { IndexName: "everything", KeyConditionExpression: "g1 = :g" };
    expect(await query({ ...index, ExpressionAttributeValues: { ":g": "g" } })).toMatchObject({
      total: 2,
      everything: 2,
    });
    const scan = await doc.send(new ScanCommand({ TableName: TABLE, ReturnConsumedCapacity }));
    expect(units(scan.ConsumedCapacity)).toEqual({ total: 2, table: 2 });
  });
});
