import * as v from "valibot";
import { expect, it } from "vitest";
import { parse } from "../../../../lib/adapter/schema/parse.ts";

const schema = v.object({ user: v.object({ id: v.string(), age: v.optional(v.number()) }) });

it("answers what fits, without what the schema does not know", () => {
  expect(parse(schema, { user: { id: "a" }, other: 1 })).toEqual({ user: { id: "a" } });
});

it("names every place that does not fit and what belongs there, and quotes nothing of what stands there", () => {
  const given = { user: { id: { hush: "hush" }, age: "hush" } };
  expect(() => parse(schema, given)).toThrow(
    new TypeError("unexpected data: user.id must be string, user.age must be number"),
  );
  expect(() => parse(schema, "hush")).toThrow(new TypeError("unexpected data: the whole must be Object"));
});
