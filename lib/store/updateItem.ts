import { UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import type { Table } from "../services/Services.ts";
import { checkVersion, knownVersion } from "./versions.ts";

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
    if (there?.success) checkVersion({ ...update.Key, v: Number(there.output.Item.v.N) });
    throw error;
  }
}

/** The update of a known item: of one of a newer version its condition does not hold. */
export function unlessNewer<Update extends ItemUpdate>(table: Table, update: Update) {
  return {
    ...update,
    TableName: table.name,
    ConditionExpression: `(${update.ConditionExpression}) AND (attribute_not_exists(v) OR v <= :known)`,
    ExpressionAttributeValues: { ...update.ExpressionAttributeValues, ":known": knownVersion(update.Key ?? {}) },
  };
}

/** Whether a conditional write is taken; false when its condition refuses it. Rejects with any other error. */
export async function conditionHeld(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    return false;
  }
}

/** Whether a write was refused by its condition: somebody else was there first. */
export function isConditionFailed(error: unknown): boolean {
  return error instanceof Error && error.name === "ConditionalCheckFailedException";
}

/** The part of an update that sets attributes of an item, and removes those that are to be undefined. */
export function changesOf(
  changes: Readonly<Record<string, unknown>>,
): Pick<ItemUpdate, "ExpressionAttributeNames" | "ExpressionAttributeValues"> & { readonly UpdateExpression: string } {
  const entries = Object.entries(changes);
  const set = entries.filter(([, value]) => value !== undefined);
  const removed = entries.filter(([, value]) => value === undefined);
  return {
    UpdateExpression: [
      ...(set.length > 0 ? [`SET ${set.map(([name]) => `#${name} = :${name}`).join(", ")}`] : []),
      ...(removed.length > 0 ? [`REMOVE ${removed.map(([name]) => `#${name}`).join(", ")}`] : []),
    ].join(" "),
    ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(set.map(([name, value]) => [`:${name}`, value])),
  };
}
