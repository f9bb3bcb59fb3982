import { GetCommand } from "@aws-sdk/lib-dynamodb";
import { changesOf } from "../../runtime/changesOf.ts";
import { isConditionFailed } from "../../runtime/isConditionFailed.ts";
import { operationItem } from "../../runtime/keys.ts";
import { parseVersioned } from "../../runtime/parseVersioned.ts";
import type { Table } from "../../runtime/Services.ts";
import { updateItem } from "../../runtime/updateItem.ts";
import { type Operation, operationSchema } from "./Operation.ts";

/** A bulk action's row as it stands now; undefined when there is none. */
export async function readOperation(table: Table, id: string): Promise<Operation | undefined> {
  const Key = operationItem(id);
  const { Item } = await table.client.send(new GetCommand({ TableName: table.name, Key, ConsistentRead: true }));
  return Item && parseVersioned(operationSchema, Item);
}

/** On which condition a bulk action's row is written. */
interface Unless {
  readonly condition: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Writes to a bulk action's row, and answers it; undefined when the condition does not hold. */
export async function updateOperation(
  table: Table,
  id: string,
  changes: Readonly<Partial<Record<keyof Operation, unknown>>>,
  { condition, names = {}, values }: Unless,
): Promise<Operation | undefined> {
  const update = changesOf(changes);
  try {
    const attributes = await updateItem(table, {
      ...update,
      Key: operationItem(id),
      ConditionExpression: condition,
      ExpressionAttributeNames: { ...update.ExpressionAttributeNames, ...names },
      ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ...values },
      ReturnValues: "ALL_NEW",
    });
    return parseVersioned(operationSchema, attributes);
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return undefined;
  }
}
