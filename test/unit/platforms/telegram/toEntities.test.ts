import fc from "fast-check";
import { expect, it } from "vitest";
import { toEntities } from "../../../../lib/platforms/telegram/toEntities.ts";

/** The words that each mark is on. */
function marked(markdown: string): readonly string[] {
  const { text, entities } = toEntities(markdown);
  return entities.map(({ type, offset, length, url, language }) => {
    const more = url ?? language;
    return `${type}${more === undefined ? "" : ` ${more}`}: ${text.slice(offset, offset + length)}`;
  });
}

it.each([
  ["**bold** and __bold__", ["bold: bold", "bold: bold"]],
  ["*italic* and _italic_", ["italic: italic", "italic: italic"]],
  ["~~gone~~", ["strikethrough: gone"]],
  ["`a * b`", ["code: a * b"]],
  ["``a ` b``", ["code: a ` b"]],
  ["[here](https://example.com/a_(b))", ["text_link https://example.com/a_(b): here"]],
  ["**bold with `code`**", ["bold: bold with code", "code: code"]],
  ["**a *b* c**", ["bold: a b c", "italic: b"]],
  ["# Heading with **bold**", ["bold: Heading with bold"]],
  ["> one\n> **two**", ["blockquote: one\ntwo", "bold: two"]],
  ["```ts\nconst a = `1`;\n```", ["pre ts: const a = `1`;"]],
  ["~~~\nas it is **here**", ["pre: as it is **here**"]],
  ["| a | b |\n|---|---|\n| 1 | 2 |", ["pre: | a | b |\n|---|---|\n| 1 | 2 |"]],
  ["🙂 **é🙂**", ["bold: é🙂"]],
])("marks %j as Telegram marks it", (markdown, marks) => {
  expect(marked(markdown)).toEqual(marks);
});

it.each([
  ["- one\n* two\n  + three", "• one\n• two\n  • three"],
  ["one\n---\ntwo", "one\n———\ntwo"],
  ["\\*as it is\\*", "*as it is*"],
  ["# Heading ##", "Heading"],
])("reads %j as %j", (markdown, text) => {
  expect(toEntities(markdown).text).toBe(text);
});

it.each([
  "2 * 3 * 4",
  "snake_case_name",
  "a ** b",
  "__init__.py",
  "$5 and $10",
  "[not a link]",
  "[x](javascript:alert)",
  "x^2 <b>",
])("leaves %j as it is written", (text) => {
  expect(toEntities(text)).toEqual({ text, entities: [] });
});

it("makes marks that lie within the text, cut no character and nest in each other, whatever is written", () => {
  const pieces = fc.constantFrom(
    "**",
    "*",
    "_",
    "`",
    "~~",
    "[",
    "](https://a.b)",
    "\n",
    "> ",
    "# ",
    "```",
    "|",
    " ",
    "a",
    "🙂",
    "\\",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const { text, entities } = toEntities(parts.join(""));
      for (const { offset, length } of entities) {
        expect(length).toBeGreaterThan(0);
        expect(offset + length).toBeLessThanOrEqual(text.length);
        expect(text.slice(offset, offset + length).isWellFormed()).toBe(true);
        for (const other of entities) {
          const [start, end] = [other.offset, other.offset + other.length];
          const isApart = end <= offset || offset + length <= start;
          const isNested = (start <= offset && offset + length <= end) || (offset <= start && end <= offset + length);
          expect(isApart || isNested).toBe(true);
        }
      }
    }),
  );
});

it("reads the longest message, of nothing but marks, in a blink", () => {
  for (const mark of ["**a", "`", "[a](", "_a ", "~~a", "*a"]) {
    const before = performance.now();
    toEntities(mark.repeat(4096 / mark.length));
    expect(performance.now() - before, mark).toBeLessThan(1_000);
  }
});
