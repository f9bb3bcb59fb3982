import { describe, expect, it } from "vitest";
import { anchorsOf } from "../../scripts/links/anchorsOf.ts";
import { brokenLinks } from "../../scripts/links/brokenLinks.ts";
import { mentionedPages } from "../../scripts/links/mentionedPages.ts";

const FILES = [
  "README.md",
  "pages/a.md",
  "pages/images/flow.svg",
  "lib/store/hooks.ts",
  "test/integration/idle.test.ts",
];

/** What is wrong with one page, without its name. */
function problemsOf(text: string, path = "pages/a.md"): readonly string[] {
  const pages = new Map([["README.md", "# Vesper\n\n## Two commands\n"]]).set(path, text);
  return brokenLinks({ files: new Set(FILES), pages });
}

describe("brokenLinks", () => {
  it.each([
    ["a link to a page", "[it](../README.md)"],
    ["a link to a heading of another page", "[it](../README.md#two-commands)"],
    ["a link to a heading of the same page", "# One\n[it](#one)"],
    ["a link to a folder", "[it](../lib/store/)"],
    ["an image", "![flow](images/flow.svg)"],
    ["an address elsewhere", "[it](https://example.com/nowhere.md) [mail](mailto:a@example.com)"],
    ["a path from the root", "`lib/store/hooks.ts`"],
    ["a path without its ending", "`lib/store/hooks`, `test/integration/idle`"],
    ["a file by its name alone", "`hooks.ts`"],
    ["a folder", "`lib/store`"],
    ["a pattern that matches", "`lib/store/*.ts`"],
    ["a path in a command", "`npm test -- test/integration`"],
    ["what is no path", "`SESSION#<id>`, `2.0.0`, `a/b`, `npm run check`"],
    ["a link in code", "`[it](nowhere.md)`"],
    ["a link in a block of code", "```md\n[it](nowhere.md)\n```"],
    ["an import in an example", '```ts\nimport { x } from "./lib/store/hooks.ts";\n```'],
  ])("accepts %s", (_, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    [
      "a link to a page",
      "[it](nowhere.md)",
      "pages/a.md:1: the link nowhere.md leads to pages/nowhere.md, which is not there",
    ],
    [
      "an image",
      "\n![it](images/no.png)",
      "pages/a.md:2: the link images/no.png leads to pages/images/no.png, which is not there",
    ],
    [
      "a heading of another page",
      "[it](../README.md#three)",
      "pages/a.md:1: the link ../README.md#three leads to a heading that README.md does not have; it has vesper, two-commands",
    ],
    [
      "a heading of the same page",
      "# One\n[it](#two)",
      "pages/a.md:2: the link #two leads to a heading that pages/a.md does not have; it has one",
    ],
    [
      "an address in HTML",
      '<img src="no.svg">',
      "pages/a.md:1: the link no.svg leads to pages/no.svg, which is not there",
    ],
    [
      "a path",
      "`lib/store/hook.ts`",
      "pages/a.md:1: there is no `lib/store/hook.ts`: name it as it stands in the repository",
    ],
    [
      "a path without its ending",
      "`test/flow`",
      "pages/a.md:1: there is no `test/flow`: name it as it stands in the repository",
    ],
    [
      "a file by its name alone",
      "`tellStory.ts`",
      "pages/a.md:1: there is no `tellStory.ts`: name it as it stands in the repository",
    ],
    [
      "a pattern",
      "`lib/hooks/*.ts`",
      "pages/a.md:1: there is no `lib/hooks/*.ts`: name it as it stands in the repository",
    ],
    [
      "an import in an example",
      '```ts\nimport { x } from "./lib/x.ts";\n```',
      "pages/a.md:2: there is no `lib/x.ts`: name it as it stands in the repository",
    ],
    [
      "a page outside the repository",
      "[it](../../other/README.md)",
      "pages/a.md:1: the link ../../other/README.md leads to ../other/README.md, which is not there",
    ],
  ])("tells of %s that is not there", (_, text, problem) => {
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe("anchorsOf", () => {
  it("makes anchors as GitHub does: lower case, without marks, with hyphens, numbered when repeated", () => {
    const page =
      "# A Title: `code`, *and* more\n## Same\n## Same\n### [Linked](x.md) it's 1.\n```\n# no heading\n```\n";
    expect([...anchorsOf(page)]).toEqual(["a-title-code-and-more", "same", "same-1", "linked-its-1"]);
  });
});

describe("mentionedPages", () => {
  it("tells of pages that a source names and that are not there", () => {
    // Put together here, as this file is a source, too.
    const [there, gone] = ["a", "operate"].map((name) => `docs/${name}.md`);
    const source = `// see ${there}\n// https://aws.amazon.com/${gone}\nconst text = "${gone} says why";\n`;
    expect(mentionedPages("lib/x.ts", source, new Set([String(there)]))).toEqual([
      `lib/x.ts:3: there is no ${gone}: name the page that has it now`,
    ]);
  });
});
