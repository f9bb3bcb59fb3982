import type { Table } from "./table.ts";

/**
 * What is wrong with the length of an item's key; undefined when nothing is. dynalite counts characters where the
 * service counts bytes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 *
 * @param key as the store has it, its values as hexadecimal digits
 */
export function oversizedKey(table: Table, key: string): string | undefined {
  const [, ...values] = key.split("/");
  for (const [index, { AttributeName, KeyType }] of table.KeySchema.entries()) {
    const type = table.AttributeDefinitions.find((definition) => definition.AttributeName === AttributeName);
    const limit = KeyType === "HASH" ? 2048 : 1024;
    if (type?.AttributeType === "N" || (values[index] ?? "").length / 2 <= limit) continue;
    return KeyType === "HASH"
      ? "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"
      : "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes";
  }
  return undefined;
}
