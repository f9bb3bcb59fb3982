import * as v from "valibot";
import { expect, it } from "vitest";
import { wholeNumberSchema } from "../../../lib/adapter/options.ts";

const schema = wholeNumberSchema(2, 1_000);

it.each([2, 1_000])("takes %i, which is a bound", (number) => {
  expect(v.parse(schema, number)).toBe(number);
});

it.each([1, 1_001, 2.5, Number.NaN, "2", undefined])("refuses %j, and says what is allowed", (given) => {
  expect(() => v.parse(schema, given)).toThrow("a whole number from 2 to 1,000");
});
