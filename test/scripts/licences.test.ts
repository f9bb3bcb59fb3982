import { expect, it } from "vitest";
import { licenceProblems } from "../../scripts/licences/licenceProblems.ts";
import { satisfies } from "../../scripts/licences/satisfies.ts";

const ALLOWED = new Set(["MIT", "ISC"]);

it.each([
  ["MIT", true],
  ["GPL-3.0-only", false],
  ["(MIT OR GPL-3.0-or-later)", true],
  ["GPL-3.0-only OR MIT", true],
  ["MIT AND GPL-3.0-only", false],
  ["MIT AND ISC", true],
  ["GPL-2.0-only AND MIT OR ISC", true],
  ["MIT AND (GPL-2.0-only OR GPL-3.0-only)", false],
  ["(MIT", false],
  ["MIT)", false],
  ["MIT GPL-3.0-only", false],
  ["GPL-2.0-only WITH Classpath-exception-2.0", false],
  ["SEE LICENSE IN x", false],
  ["UNLICENSED", false],
  ["mit", false],
  ["OR MIT", false],
  ["", false],
])("finds the licence %j allowed: %j", (expression, met) => {
  expect(satisfies(expression, ALLOWED)).toBe(met);
});

it("names each package that may not be used", () => {
  const packages = {
    "": { license: "Proprietary" },
    "node_modules/good": { version: "1.0.0", license: "MIT" },
    "node_modules/bad": { version: "2.0.0", license: "AGPL-3.0-only" },
    "node_modules/good/node_modules/@scope/silent": { version: "3.0.0" },
    "node_modules/tool": { version: "4.0.0", license: "MPL-2.0", dev: true },
    "node_modules/shipped": { version: "5.0.0", license: "MPL-2.0" },
    "node_modules/other-platform": { version: "6.0.0", optional: true },
    "node_modules/changed": { version: "7.0.0", license: "MIT" },
    "node_modules/old": { version: "8.0.0" },
  };
  const installed: Readonly<Record<string, unknown>> = {
    "node_modules/changed": { license: "BUSL-1.1" },
    "node_modules/old": { license: { type: "ISC" } },
  };
  expect(licenceProblems({ packages }, (path) => installed[path])).toEqual({
    checked: 7,
    elsewhere: 1,
    problems: [
      "bad 2.0.0 is under AGPL-3.0-only",
      "@scope/silent 3.0.0 is under no stated licence",
      "shipped 5.0.0 is under MPL-2.0",
      "changed 7.0.0 is under BUSL-1.1",
    ],
  });
});

it("takes what was read of a package that refers to a file for that version alone", () => {
  const [name, license] = ["@modelcontextprotocol/server-memory", "SEE LICENSE IN LICENSE"];
  const problemsOf = (version: string) =>
    licenceProblems({ packages: { [`node_modules/${name}`]: { version, license } } }, () => undefined).problems;
  expect(problemsOf("2026.8.31")).toEqual([]);
  expect(problemsOf("2026.9.1")).toEqual([`${name} 2026.9.1 is under ${license}`]);
});
