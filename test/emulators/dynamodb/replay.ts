import { type AttributeValue, type DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import type { _Record as Record } from "@aws-sdk/client-dynamodb-streams";
import { expect } from "vitest";
import { TABLE } from "./startTable.ts";

type Items = Map<string, { [name: string]: AttributeValue }>;

/** The table that a stream's records make, from nothing; fails when a record does not fit on those before it. */
export function replay(records: Record[]): Items {
  const items: Items = new Map();
  for (const { eventName, dynamodb } of records) {
    const { Keys, OldImage, NewImage } = dynamodb ?? {};
    const id = `${Keys?.pk?.S}/${Keys?.sk?.S}`;
    expect(OldImage, `what ${eventName} ${id} finds`).toEqual(items.get(id));
    expect(eventName).toBe(OldImage ? (NewImage ? "MODIFY" : "REMOVE") : "INSERT");
    if (NewImage) items.set(id, NewImage);
    else items.delete(id);
  }
  return items;
}

/** What a table, or one of its indexes, holds. */
export async function contentsOf(raw: DynamoDBClient, IndexName?: string): Promise<Items> {
  const items: Items = new Map();
  let ExclusiveStartKey: { [name: string]: AttributeValue } | undefined;
  do {
    const page = await raw.send(new ScanCommand({ TableName: TABLE, IndexName, ExclusiveStartKey }));
    for (const item of page.Items ?? []) {
      const id = `${item.pk?.S}/${item.sk?.S}`;
      expect(items.has(id), `${id} twice in ${IndexName ?? TABLE}`).toBe(false);
      items.set(id, item);
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return items;
}

/** What the three indexes of `TABLE_INPUT` must hold when the table holds `items`. */
export function indexesOf(items: Items): { [index: string]: Items } {
  const pick = (keys: string[], names?: string[]): Items =>
    new Map(
      [...items]
        .filter(([, item]) => keys.every((key) => item[key]))
        .map(([id, item]) => [
          id,
          names ? Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))) : item,
        ]),
    );
  return {
    everything: pick(["g1", "s1"]),
    keysOnly: pick(["g2"], ["pk", "sk", "g2"]),
    some: pick(["g3"], ["pk", "sk", "g3", "name"]),
  };
}
