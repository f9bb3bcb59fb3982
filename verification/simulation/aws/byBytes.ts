/** Orders texts as DynamoDB does, by their UTF-8 bytes; JavaScript's own order is by UTF-16 units. */
export function byBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let index = 0; index < shorter; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return place(left) - place(right);
  }
  return a.length - b.length;
}

/** The characters that take two units come after all that take one. */
function place(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
