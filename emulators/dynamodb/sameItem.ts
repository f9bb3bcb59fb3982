import type { AttributeValue, Item } from "./item.ts";

/** Whether two items are equal for the service: neither the order of attributes nor that of a set's elements counts. */
export function sameItem(one: Item | undefined, other: Item | undefined): boolean {
  if (one === other) return true;
  if (!one || !other) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => sameValue(one[name], other[name]));
}

function sameValue(one: AttributeValue | undefined, other: AttributeValue | undefined): boolean {
  if (!one || !other) return one === other;
  if (one.M && other.M) return sameItem(one.M, other.M);
  if (one.L && other.L) {
    const others = other.L;
    return one.L.length === others.length && one.L.every((element, at) => sameValue(element, others[at]));
  }
  return (
    one.S === other.S &&
    one.N === other.N &&
    one.B === other.B &&
    one.BOOL === other.BOOL &&
    one.NULL === other.NULL &&
    !one.M === !other.M &&
    !one.L === !other.L &&
    sameSet(one.SS, other.SS) &&
    sameSet(one.NS, other.NS) &&
    sameSet(one.BS, other.BS)
  );
}

function sameSet(one: string[] | undefined, other: string[] | undefined): boolean {
  if (!one || !other) return one === other;
  const elements = new Set(one);
  return one.length === other.length && other.every((element) => elements.has(element));
}
