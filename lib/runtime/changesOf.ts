import type { ItemUpdate } from "./updateItem.ts";

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
