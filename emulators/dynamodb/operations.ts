import { batchWriteItem } from "./batchWriteItem.ts";
import { createTable } from "./createTable.ts";
import { describeStream } from "./describeStream.ts";
import { getRecords } from "./getRecords.ts";
import { getShardIterator } from "./getShardIterator.ts";
import { listStreams } from "./listStreams.ts";
import type { Operation } from "./operation.ts";
import { plainOperation } from "./plainOperation.ts";
import { readItems } from "./readItems.ts";
import { describeTimeToLive, updateTimeToLive } from "./timeToLive.ts";
import { transactGetItems } from "./transactGetItems.ts";
import { transactWriteItems } from "./transactWriteItems.ts";
import { writeItem } from "./writeItem.ts";

/** Every operation that there is, by the text of the request's `x-amz-target` header. */
export const operations = new Map<string, Operation>([
  ["DynamoDB_20120810.BatchGetItem", readItems("batchGetItem")],
  ["DynamoDB_20120810.BatchWriteItem", batchWriteItem],
  ["DynamoDB_20120810.CreateTable", createTable],
  ["DynamoDB_20120810.DeleteItem", writeItem("deleteItem")],
  ["DynamoDB_20120810.DescribeTable", plainOperation("describeTable")],
  ["DynamoDB_20120810.DescribeTimeToLive", describeTimeToLive],
  ["DynamoDB_20120810.GetItem", readItems("getItem")],
  ["DynamoDB_20120810.ListTables", plainOperation("listTables")],
  ["DynamoDB_20120810.PutItem", writeItem("putItem")],
  ["DynamoDB_20120810.Query", readItems("query")],
  ["DynamoDB_20120810.Scan", readItems("scan")],
  ["DynamoDB_20120810.TransactGetItems", transactGetItems],
  ["DynamoDB_20120810.TransactWriteItems", transactWriteItems],
  ["DynamoDB_20120810.UpdateItem", writeItem("updateItem")],
  ["DynamoDB_20120810.UpdateTimeToLive", updateTimeToLive],
  ["DynamoDBStreams_20120810.DescribeStream", describeStream],
  ["DynamoDBStreams_20120810.GetRecords", getRecords],
  ["DynamoDBStreams_20120810.GetShardIterator", getShardIterator],
  ["DynamoDBStreams_20120810.ListStreams", listStreams],
]);
