/** What differs from one error to the next of the same cause, by what it looks like. The order matters. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  // The query and the fragment of an address.
  [/(\bhttps?:\/\/[^\s?#"'<>]*)[?#][^\s"'<>]*/gi, "$1"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "#"],
  // ULIDs, request ids, keys: long runs with a digit in them.
  [/\b(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{16,}\b/g, "#"],
  [/\b0x[0-9a-f]+\b/gi, "#"],
  [/\b(?=[a-f]*\d)[0-9a-f]{6,}\b/gi, "#"],
  [/\d+/g, "#"],
];

/** An error's message without what is of this one case alone: numbers, ids, hexadecimals, the queries of addresses. */
export function normaliseError(message: string): string {
  return VARIES.reduce((text, [pattern, put]) => text.replace(pattern, put), message)
    .replace(/\s+/g, " ")
    .trim();
}
