import type { QueryCommand } from "@aws-sdk/lib-dynamodb";
import { byBytes } from "./byBytes.ts";
import type { Item } from "./Item.ts";

/** Whether a query that goes on behind its start key comes to this item; `range` is the sort key that it reads by. */
export function isAfter(
  item: Item,
  { ExclusiveStartKey, ScanIndexForward }: QueryCommand["input"],
  range: string,
): boolean {
  const place = (one: Item) => [one[range], String(one.pk), String(one.sk)];
  const order = compare(place(item), place(ExclusiveStartKey ?? {}));
  return ScanIndexForward === false ? order < 0 : order > 0;
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (left === right) continue;
    return typeof left === "number" && typeof right === "number" ? left - right : byBytes(String(left), String(right));
  }
  return 0;
}
