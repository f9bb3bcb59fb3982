import { expect, it } from "vitest";
import { eventReader } from "../../../../lib/adapter/http/eventReader.ts";

it.each([
  ["an event a line", ["data: one", "", "data: two", ""], ["one", "two"]],
  ["lines of one event", ["data: one", "data: two", ""], ["one\ntwo"]],
  ["data without a space, with two, and empty", ["data:one", "", "data:  two", "", "data", ""], ["one", " two", ""]],
  ["comments and other fields", [": hello", "event: message", "id: 7", "retry: 9", "data: one", "", ":", ""], ["one"]],
  ["fields that only begin so", ["database: no", "data-x: no", ""], []],
  ["an event that is not ended", ["data: one", "", "data: two"], ["one"]],
])("reads %s", (_, lines, expected) => {
  const told: string[] = [];
  const read = eventReader((data) => told.push(data));
  for (const line of lines) read(line);
  expect(told).toEqual(expected);
});
