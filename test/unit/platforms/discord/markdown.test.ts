import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toDiscord } from "../../../../lib/platforms/discord/markdown.ts";

describe("an agent's Markdown on Discord", () => {
  it.each([
    ["what Discord knows", "# One\n**b** *i* ~~s~~ `c` [a](https://x.y) > no\n- x\n1. y\n> q\n||s||"],
    ["a heading of the third level", "### Three"],
    ["code", "```md\n#### no\n![a](b) __c__\n| a | b |\n|---|---|\n```"],
    ["code within a line", "write `__init__` and `![a](b)`"],
    ["names in snake case, and underscores", "a__b__c snake_case __ x"],
    ["what only looks like a table", "a | b\nc | d"],
    ["a line of dashes", "a | b\n---"],
    ["a rule with words in it", "a | b\n--|-- x"],
    ["bars without dashes", "a | b\n| |"],
    ["a rule under what has no columns", "ab\n-|-"],
    ["a table with code marks", "a | b\n-|-\n``` | c"],
    ["a table behind code", "```\nx\n```\nno | table"],
    ["signs within a line", "say #### no, a > > b"],
    ["the line that opens code", "~~~ __x__\n__y__\n~~~"],
  ])("leaves %s as it is", (_, text) => {
    expect(toDiscord(text)).toBe(text);
  });

  it.each([
    ["a deeper heading as bold", "#### Four\n##### **Five**", "**Four**\n**Five**"],
    [
      "a picture as a link",
      "see ![a cat](https://x.y/c.png) ![](https://x.y/d)",
      "see [a cat](https://x.y/c.png) https://x.y/d",
    ],
    ["a table of its head alone", "a | b\n-|-\n\n```\nx\n```", "```\na | b\n-|-\n```\n\n```\nx\n```"],
    ["words behind code in a line", "`a` __b__ `c` __d__", "`a` **b** `c` **d**"],
    ["bold in underscores", "a __bold__ word, `__not__`", "a **bold** word, `__not__`"],
    ["a quotation in a quotation as one", "> > twice\n>>> thrice", "> twice\n> thrice"],
    [
      "a table as code",
      "So:\n| a | b |\n|---|:-:|\n| 1 | 2 |\nDone",
      "So:\n```\n| a | b |\n|---|:-:|\n| 1 | 2 |\n```\nDone",
    ],
  ])("writes %s", (_, given, written) => {
    expect(toDiscord(given)).toBe(written);
  });

  it("is hardly longer: by a table's fences", () => {
    const words = fc.constantFrom(
      "#### ",
      "![",
      "](",
      ")",
      "__",
      "a",
      "|",
      "-",
      "\n",
      "```",
      "`",
      "> ",
      " ",
      "**",
      "é",
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
        const text = parts.join("");
        expect(toDiscord(text).length).toBeLessThanOrEqual(text.length + 8 * (text.split("\n").length / 2));
      }),
      { numRuns: 2_000 },
    );
  });

  it("takes no longer than its length is worth", () => {
    for (const part of ["![", "__a", "| ", "> ", "`", "#### ", "|-", "![](", "__"]) {
      const began = performance.now();
      toDiscord(part.repeat(60_000 / part.length));
      expect(performance.now() - began, part).toBeLessThan(500);
    }
  });
});
