import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fenceAfter, splitText } from "../../../../lib/adapter/text/splitText.ts";

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");

const squeezed = (text: string) => text.replace(/\s+/g, "");

/** Without the lines that open and close code blocks. */
const withoutFences = (text: string) => text.replace(/^ {0,3}(`{3,}|~{3,}).*$/gm, "");

/** Words, blank lines, sentences and emoji, without fences. */
const prose = fc
  .array(
    fc.constantFrom(
      "a",
      "word",
      "longer words.",
      "Ende!",
      "\n",
      "\n\n",
      " ",
      "  ",
      "\t",
      "🙂",
      "👩‍👩‍👧",
      "李",
      "x".repeat(30),
    ),
  )
  .map((parts) => parts.join(" "));

const code = fc
  .array(fc.constantFrom("```", "```ts", "````md", "~~~", "code();", "  indented", "", "some prose", "`inline`"), {
    maxLength: 40,
  })
  .map((lines) => lines.join("\n"));

const limit = fc.integer({ min: 2, max: 80 });

const anything = fc.oneof(prose, code, fc.string({ unit: "binary", maxLength: 200 }), fc.string({ maxLength: 200 }));

describe("splitText", () => {
  it("makes pieces that fit, say something, and break no character", () => {
    fc.assert(
      fc.property(anything, limit, (text, most) => {
        for (const piece of splitText(text, most)) {
          expect(piece.length).toBeLessThanOrEqual(most);
          expect(piece.trim()).not.toBe("");
          expect(piece.isWellFormed()).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("loses nothing but white space, and keeps the order", () => {
    fc.assert(
      fc.property(prose, limit, (text, most) => {
        expect(squeezed(splitText(text, most).join(""))).toBe(squeezed(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("breaks no word that fits", () => {
    fc.assert(
      fc.property(prose, fc.integer({ min: 30, max: 80 }), (text, most) => {
        expect(splitText(text, most).flatMap(words)).toEqual(words(text));
      }),
      { numRuns: 2_000 },
    );
  });

  it("loses of code only the lines of its fences, which it closes and opens again", () => {
    fc.assert(
      fc.property(code, fc.integer({ min: 40, max: 80 }), (text, most) => {
        const pieces = splitText(text, most);
        expect(squeezed(pieces.map(withoutFences).join(""))).toBe(squeezed(withoutFences(text)));
      }),
      { numRuns: 2_000 },
    );
  });

  it("splits a piece into itself", () => {
    fc.assert(
      fc.property(anything, limit, (text, most) => {
        for (const piece of splitText(text, most)) expect(splitText(piece, most)).toEqual([piece]);
      }),
      { numRuns: 2_000 },
    );
  });
});

it.each([
  ["a paragraph", "First one.\nGoes on.\n\nSecond one.", 30, ["First one.\nGoes on.", "Second one."]],
  ["a line", "First line. Yes.\nSecond line here.", 30, ["First line. Yes.", "Second line here."]],
  ["a sentence", "One is here. Two is there and on", 24, ["One is here.", "Two is there and on"]],
  ["a word", "several words without an end", 12, ["several", "words", "without an", "end"]],
  ["a character", "🙂🙂🙂", 5, ["🙂🙂", "🙂"]],
  ["nothing", "  \n ", 5, []],
])("cuts after %s", (_, text, most, pieces) => {
  expect(splitText(text, most)).toEqual(pieces);
});

it("fills pieces, and takes no break right at the start", () => {
  const [first = ""] = splitText(`Hi!\n\n${"word ".repeat(100)}`, 100);
  expect(first.length).toBeGreaterThan(80);
});

it("closes a code block that is cut, and opens it again with its language", () => {
  const text = `Look:\n\n\`\`\`ts\n${"  line();\n".repeat(6)}\`\`\`\n\nDone.`;
  expect(splitText(text, 50)).toEqual([
    "Look:\n\n```ts\n  line();\n  line();\n  line();\n```",
    "```ts\n  line();\n  line();\n  line();\n```\n\nDone.",
  ]);
});

it("leaves no empty code block behind", () => {
  expect(splitText("Some words here.\n```ts\nconst a = 1;\n```", 30)).toEqual([
    "Some words here.",
    "```ts\nconst a = 1;\n```",
  ]);
  expect(splitText("```\naaaa\nbbbb\n``````\nmore", 17)).toEqual(["```\naaaa\nbbbb\n```", "more"]);
});

it.each(["```\n```js", "````\n```", "```\n~~~", "text\n  ~~~ md"])("finds a code block open after %j", (text) => {
  expect(fenceAfter(text, undefined)).toBeDefined();
});

it.each(["```\n```", "```\n`````", "```a`b", "    ```", "text ```", "~~~ ```\n~~~ "])(
  "finds no code block open after %j",
  (text) => {
    expect(fenceAfter(text, undefined)).toBeUndefined();
  },
);

it("splits a megabyte in well under a second", () => {
  const start = performance.now();
  splitText(`${"A sentence of some words. ".repeat(30)}\n\n\`\`\`\n${"code\n".repeat(200_000)}`, 4096);
  expect(performance.now() - start).toBeLessThan(1_000);
});
