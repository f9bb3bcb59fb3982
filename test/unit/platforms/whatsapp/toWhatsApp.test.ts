import fc from "fast-check";
import { expect, it } from "vitest";
import { toWhatsApp } from "../../../../lib/platforms/whatsapp/toWhatsApp.ts";

it.each([
  ["**bold** and __bold__", "*bold* and *bold*"],
  ["*it* and _it_", "_it_ and _it_"],
  ["***both***", "*_both_*"],
  ["**bold *it***", "*bold _it_*"],
  ["~~no~~", "~no~"],
  ["`a *b* **c**`", "`a *b* **c**`"],
  ["[a page](https://example.com/a_(b))", "a page (https://example.com/a_(b))"],
  ["[https://x.y](https://x.y)", "https://x.y"],
  ['![cat](https://x.y/c.png "A cat")', "cat (https://x.y/c.png)"],
  ["the row[i](x) of it", "the row[i](x) of it"],
  ["# Plan", "*Plan*"],
  ["## The **plan** ##", "The *plan*"],
  ["* one\n+ two\n- three\n  * four", "- one\n- two\n- three\n  - four"],
  ["1. one\n2. two", "1. one\n2. two"],
  ["> quoted **words**", "> quoted *words*"],
  ["---", "———"],
  ["```ts\nconst a = **b**;\n```\nend", "```\nconst a = **b**;\n```\nend"],
  ["~~~\n`x`\n~~~", "```\n`x`\n```"],
  ["```\nnever closed", "```\nnever closed\n```"],
  ["```code``` in a line", "```code``` in a line"],
  ["~~~ two words\nx\n~~~", "```\ntwo words\nx\n```"],
  ["| a | b |\n|---|---|\n| 1 | 2 |\nend", "```\n| a | b |\n|---|---|\n| 1 | 2 |\n```\nend"],
  ["2 * 3 * 4, 2*3*4, a_b_c, snake_case", "2 * 3 * 4, 2*3*4, a_b_c, snake_case"],
  ["\\*not bold\\* and \\# none", "*not bold* and # none"],
  ["** no ** ~~ no ~~", "** no ** ~~ no ~~"],
  ["", ""],
])("writes %j as %j", (markdown, text) => {
  expect(toWhatsApp(markdown)).toBe(text);
});

it("loses no letter of any text, and takes no more than a moment for it", () => {
  const marks = fc.constantFrom(
    "*",
    "**",
    "_",
    "__",
    "~~",
    "`",
    "```\n",
    "[",
    "](",
    ")",
    "# ",
    "> ",
    "|",
    "\n",
    "\\",
    "a",
    "Zoë ",
    "👩‍👩‍👧",
  );
  fc.assert(
    fc.property(fc.array(marks, { maxLength: 400 }), (parts) => {
      // A word behind a fence is the code's language, which WhatsApp can't show.
      const text = parts.join("").replace(/^( {0,3}(?:`{3,}|~{3,})).*$/gm, "$1");
      const letters = (words: string) => words.replace(/[^\p{L}👩👧]/gu, "");
      expect(letters(toWhatsApp(text))).toBe(letters(text));
    }),
    { numRuns: 1_000 },
  );
  for (const part of ["*", "**a", "`", "![", "[a](", "\\", "~~", "| ", "__a"]) {
    const start = performance.now();
    toWhatsApp(part.repeat(4096).slice(0, 4096));
    expect(performance.now() - start).toBeLessThan(2_000);
  }
});
