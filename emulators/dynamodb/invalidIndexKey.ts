import type { Item } from "./item.ts";
import type { Table } from "./table.ts";

/** What is wrong with an item's index keys, which may be absent but not empty; undefined when all are well. */
export function invalidIndexKey(table: Table, item: Item): string | undefined {
  for (const index of [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])]) {
    for (const { AttributeName } of index.KeySchema) {
      const value = item[AttributeName];
      if (value?.S !== "" && value?.B !== "") continue;
      const type = value.S === "" ? "string" : "binary";
      return (
        "One or more parameter values are not valid. A value specified for a secondary index key is not supported. " +
        `The AttributeValue for a key attribute cannot contain an empty ${type} value. ` +
        `IndexName: ${index.IndexName}, IndexKey: ${AttributeName}`
      );
    }
  }
  return undefined;
}
