import { brotliDecompressSync } from "node:zlib";
import type { Item } from "./aws/Item.ts";

/** A row with its packed words as they were said, by Node's own means. */
export function plainRow(row: Item | undefined): Item | undefined {
  if (!row) return undefined;
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? brotliDecompressSync(value).toString() : value,
  ]);
  return Object.fromEntries(entries);
}
