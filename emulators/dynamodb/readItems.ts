import { consumedCapacity, type Detail } from "./consumedCapacity.ts";
import { createStage, type Stage } from "./createStage.ts";
import { loadAction, loadSpec } from "./dynalite.ts";
import type { Item } from "./item.ts";
import { itemSize } from "./itemSize.ts";
import type { Operation } from "./operation.ts";
import { readUnits } from "./readUnits.ts";
import type { Table } from "./table.ts";
import { tableUsage, type Usage } from "./usage.ts";
import { validate } from "./validate.ts";

interface ReadRequest {
  TableName?: string;
  IndexName?: string;
  ConsistentRead?: boolean;
  ExclusiveStartKey?: Item;
  RequestItems?: Record<string, { ConsistentRead?: boolean }>;
  ReturnConsumedCapacity?: Detail;
}

/** GetItem, BatchGetItem, Query or Scan. */
export function readItems(name: "getItem" | "batchGetItem" | "query" | "scan"): Operation {
  const spec = loadSpec(name);
  const action = loadAction(name);
  return async (engine, body) => {
    const request = validate<ReadRequest>(spec, body);
    const { ReturnConsumedCapacity: detail, ...data } = request;
    const stage = createStage(engine, request.ExclusiveStartKey);
    const answer = await stage.run<{ ScannedCount?: number }>(action, data);
    const capacity = () => consumedCapacity(usageOf(request, stage, engine.tables, answer.ScannedCount), detail);
    if (detail === undefined) return answer;
    return { ...answer, ConsumedCapacity: name === "batchGetItem" ? capacity() : capacity()?.[0] };
  };
}

function usageOf(request: ReadRequest, stage: Stage, tables: Map<string, Table>, scanned?: number): Map<string, Usage> {
  const usages = new Map<string, Usage>();
  const usageOfTable = (table: string) => usages.get(table) ?? usages.set(table, tableUsage(0)).get(table);
  for (const { table, item } of stage.reads) {
    const consistent = request.RequestItems?.[table.TableName]?.ConsistentRead ?? request.ConsistentRead;
    const usage = usageOfTable(table.TableName);
    if (usage) usage.table += readUnits(itemSize(item), consistent);
  }
  const usage = request.TableName !== undefined && scanned !== undefined && usageOfTable(request.TableName);
  if (!usage) return usages;
  // What the store read ahead of the page's end is not billed.
  const size = stage.scanned.slice(0, scanned).reduce((sum, item) => sum + itemSize(item), 0);
  const units = readUnits(size, request.ConsistentRead);
  const isLocal = tables
    .get(request.TableName ?? "")
    ?.LocalSecondaryIndexes?.some(({ IndexName }) => IndexName === request.IndexName);
  if (request.IndexName === undefined) usage.table += units;
  else usage[isLocal ? "local" : "global"][request.IndexName] = units;
  return usages;
}
