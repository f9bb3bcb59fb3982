import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";
import { type ExpressionParser, rememberParses } from "../../../emulators/dynamodb/rememberParses.ts";

// The parsers as dynalite ships them: another copy than the one that the store has made remember.
const load = createRequire(import.meta.url);

const parserOf = (name: string): ExpressionParser => {
  const path = load.resolve(`dynalite/db/${name}`);
  const { [path]: own } = load.cache;
  delete load.cache[path];
  const parser: ExpressionParser = load(path);
  if (own) load.cache[path] = own;
  return parser;
};

/** What a parser makes of an expression: the tree and what it leaves unused, or the error. */
function parsed(parse: ExpressionParser["parse"], text: string, names: object, values: object) {
  const marked = (given: object) => Object.fromEntries(Object.keys(given).map((name) => [name, true as const]));
  const context = {
    ...{ attrNames: { ...names }, attrVals: { ...values }, isReserved: () => false, compare: () => false },
    ...{ unusedAttrNames: marked(names), unusedAttrVals: marked(values) },
  };
  let outcome: unknown;
  try {
    outcome = parse(text, { context });
  } catch (error) {
    outcome = String(error);
  }
  // Behind an error nobody asks what is unused.
  if (typeof outcome !== "object") return outcome;
  return JSON.parse(JSON.stringify([outcome, context.unusedAttrNames, context.unusedAttrVals]));
}

const CONDITIONS: readonly [text: string, names: object, values: readonly object[]][] = [
  ["#a = :a", { "#a": "one" }, [{ ":a": { S: "x" } }, { ":a": { N: "5" } }, { ":a": { S: "y" } }, {}]],
  ["#a = :a", { "#a": "two", "#b": "unused" }, [{ ":a": { S: "x" } }, { ":a": { S: "y" }, ":b": { S: "unused" } }]],
  ["begins_with(sk, :k)", {}, [{ ":k": { S: "TURN#" } }, { ":k": { N: "1" } }, { ":k": { S: "HOOK#" } }]],
  [
    "(a = :a AND (b < :b OR NOT attribute_exists(c.d[1]))) OR a IN (:a, :b)",
    {},
    [{ ":a": { N: "1" }, ":b": { N: "2" } }],
  ],
  [
    "a BETWEEN :a AND :b",
    {},
    [
      { ":a": { N: "1" }, ":b": { N: "2" } },
      { ":a": { N: "1" }, ":b": { S: "2" } },
    ],
  ],
  ["attribute_type(a, :t)", {}, [{ ":t": { S: "N" } }, { ":t": { S: "nonsense" } }, { ":t": { S: "SS" } }]],
  ["((a = :a))", {}, [{ ":a": { S: "x" } }, { ":a": { S: "y" } }]],
  ["a = = :a", {}, [{ ":a": { S: "x" } }]],
];

const UPDATES: typeof CONDITIONS = [
  [
    "SET #a = :a, b = if_not_exists(b, :zero) + :one, l = list_append(l, :l) REMOVE c, d[2] ADD e :one DELETE f :set",
    { "#a": "one" },
    [
      { ":a": { S: "x" }, ":zero": { N: "0" }, ":one": { N: "1" }, ":l": { L: [{ S: ":a" }] }, ":set": { SS: ["s"] } },
      {
        ":a": { M: { S: { S: "x" } } },
        ":zero": { N: "7" },
        ":one": { N: "2" },
        ":l": { L: [] },
        ":set": { SS: ["t"] },
      },
      { ":a": { S: "x" }, ":zero": { N: "0" }, ":one": { S: "1" }, ":l": { L: [] }, ":set": { SS: ["s"] } },
    ],
  ],
  ["SET a = :a, a.b = :a", {}, [{ ":a": { S: "x" } }, { ":a": { S: "y" } }]],
];

describe("a parser of the store that remembers expressions", () => {
  it.each([
    ["conditionParser", CONDITIONS],
    ["updateParser", UPDATES],
  ] as const)("makes of each what %s makes of it, whatever was parsed before", (name, cases) => {
    const plain = parserOf(name);
    let parses = 0;
    const remembering = rememberParses({
      parse(text, options) {
        parses++;
        return plain.parse(text, options);
      },
    });
    let all = 0;
    for (let round = 0; round < 3; round++) {
      for (const [text, names, values] of cases) {
        for (const own of values) {
          expect(parsed(remembering, text, names, own), text).toEqual(parsed(plain.parse, text, names, own));
          all++;
        }
      }
    }
    expect(parses).toBeLessThan(all);
  });

  it("gives each request a tree of its own, as its sections are put in another order", () => {
    const parse = rememberParses(parserOf("updateParser"));
    const context = () => ({ context: { attrVals: { ":a": { S: "x" } }, isReserved: () => false } });
    const first = parse("SET a = :a REMOVE b", context()) as { sections: unknown[] };
    first.sections.reverse();
    expect(parse("SET a = :a REMOVE b", context())).not.toEqual(first);
  });
});
