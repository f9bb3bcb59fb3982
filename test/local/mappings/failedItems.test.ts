import { expect, it } from "vitest";
import { failedItems } from "../../../local/mappings/failedItems.ts";

it.each([
  ["nothing returned: all succeeded", null, []],
  ["an empty object: all succeeded", {}, []],
  ["null in the report: all succeeded", { batchItemFailures: null }, []],
  ["a report", { batchItemFailures: [{ itemIdentifier: "b" }] }, ["b"]],
  ["an unknown item: all failed", { batchItemFailures: [{ itemIdentifier: "z" }] }, ["a", "b"]],
  ["an empty identifier: all failed", { batchItemFailures: [{ itemIdentifier: "" }] }, ["a", "b"]],
  ["a misspelt report: all failed", { batchItemFailures: [{ id: "b" }] }, ["a", "b"]],
])("reads a function's result: %s", (_name, result, expected) => {
  expect([...failedItems(result, ["a", "b"])]).toEqual(expected);
});
