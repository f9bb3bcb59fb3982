import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { checkVersion } from "./checkVersion.ts";
import { isConditionFailed } from "./isConditionFailed.ts";
import type { Table } from "./Services.ts";
import { VERSION } from "./version.ts";

/** An update of one item, with its condition. */
export interface ItemUpdate extends Omit<UpdateCommandInput, "TableName" | "ReturnValuesOnConditionCheckFailure"> {
  readonly ConditionExpression: string;
}

const newerSchema = v.object({ Item: v.object({ v: v.object({ N: v.string() }) }) });

/**
 * Updates an item under a condition, and never one of a newer version, which this code could not have understood.
 * Attributes that are not named stay as they are. Answers those that `ReturnValues` asks for.
 *
 * @throws NewerVersion; and the SDK's error, with the item as it is, when the condition does not hold
 */
export async function updateItem(table: Table, update: ItemUpdate): Promise<Record<string, unknown> | undefined> {
  try {
    const { Attributes } = await table.client.send(
      new UpdateCommand({ ...unlessNewer(table, update), ReturnValuesOnConditionCheckFailure: "ALL_OLD" }),
    );
    return Attributes;
  } catch (error) {
    const there = isConditionFailed(error) ? v.safeParse(newerSchema, error) : undefined;
    if (there?.success) checkVersion({ v: Number(there.output.Item.v.N) });
    throw error;
  }
}

/** The update of a known item: of one of a newer version its condition does not hold. */
export function unlessNewer<Update extends ItemUpdate>(table: Table, update: Update) {
  return {
    ...update,
    TableName: table.name,
    ConditionExpression: `(${update.ConditionExpression}) AND (attribute_not_exists(v) OR v <= :known)`,
    ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ":known": VERSION },
  };
}
