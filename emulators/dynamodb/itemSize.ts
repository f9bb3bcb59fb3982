import type { AttributeValue, Item } from "./item.ts";

/**
 * The size of an item in bytes, as the service bills it: names and values in UTF-8.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item | undefined): number {
  let size = 0;
  for (const name in item) {
    const value = item[name];
    if (value) size += Buffer.byteLength(name) + valueSize(value);
  }
  return size;
}

function valueSize(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return numberSize(value.N);
  if (value.B !== undefined) return Buffer.byteLength(value.B, "base64");
  if (value.SS) return sum(value.SS, (text) => Buffer.byteLength(text));
  if (value.NS) return sum(value.NS, numberSize);
  if (value.BS) return sum(value.BS, (bytes) => Buffer.byteLength(bytes, "base64"));
  // A list or map costs 3 bytes, and 1 for each element.
  if (value.L) return 3 + sum(value.L, (element) => 1 + valueSize(element));
  if (value.M) return 3 + Object.keys(value.M).length + itemSize(value.M);
  return 1;
}

/** About one byte for two significant digits, one more, and one for a minus sign. */
function numberSize(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "");
  const significant = text.includes(".") ? digits : digits.replace(/0+$/, "");
  return Math.ceil(significant.length / 2) + 1 + (text.startsWith("-") ? 1 : 0);
}

function sum<T>(values: T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}
