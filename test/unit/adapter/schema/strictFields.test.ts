import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { isUnknownField, pathOf } from "../../../../lib/adapter/schema/parse.ts";
import { strictFields } from "../../../../lib/adapter/schema/strictFields.ts";

const inner = strictFields({ x: v.number("a number") }, "an object with x");

const schema = strictFields({ name: v.pipe(v.string("a text"), v.nonEmpty("a text")), inner: v.exactOptional(inner) });

/** Each issue's path, whether it is of an unknown field, and what is allowed there. */
function issuesOf(value: unknown): readonly string[] {
  const { issues = [] } = v.safeParse(schema, value);
  return issues.map(
    (issue) => `${pathOf(issue).join(".")}: ${isUnknownField(issue) ? "unknown; " : ""}${issue.message}`,
  );
}

describe("strictFields", () => {
  it("parses an object as it is, without what may be left out", () => {
    expect(v.parse(schema, { name: "a" })).toEqual({ name: "a" });
    expect(v.parse(schema, { name: "a", inner: { x: 1 } })).toEqual({ name: "a", inner: { x: 1 } });
  });

  it.each<[string, unknown, readonly string[]]>([
    ["a missing field in the field's own words", {}, ["name: a text"]],
    ["one that is there and undefined", { name: undefined }, ["name: a text"]],
    ["a missing field within", { name: "a", inner: {} }, ["inner.x: a number"]],
    [
      "each unknown field, and the other mistakes beside",
      { name: 1, a: 1, b: 2 },
      ["name: a text", "a: unknown; an object with name, inner", "b: unknown; an object with name, inner"],
    ],
    ["an unknown field within", { name: "a", inner: { x: 1, y: 2 } }, ["inner.y: unknown; an object with x"]],
    ["a list", [], [": an object with name, inner"]],
    ["null", null, [": an object with name, inner"]],
    ["a list within", { name: "a", inner: [] }, ["inner: an object with x"]],
    [
      "names that objects have of their own",
      JSON.parse('{"name":"a","__proto__":1,"constructor":2}'),
      ["__proto__: unknown; an object with name, inner", "constructor: unknown; an object with name, inner"],
    ],
  ])("tells of %s", (_, value, issues) => {
    expect(issuesOf(value)).toEqual(issues);
  });
});
