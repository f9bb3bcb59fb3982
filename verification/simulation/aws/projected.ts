import type { Item } from "./Item.ts";

/** What a projection expression leaves of an item; attributes of the item itself are known, not paths into them. */
export function projected(expression: string, item: Item, names: Readonly<Record<string, string>>): Item {
  const left: Record<string, unknown> = {};
  for (const part of expression.split(",")) {
    const token = part.trim();
    if (!/^#?\w+$/.test(token)) throw new Error(`the model does not know this projection; teach it: ${expression}`);
    const name = token.startsWith("#") ? (names[token] ?? "") : token;
    if (item[name] !== undefined) left[name] = item[name];
  }
  return left;
}
