import { expect, it } from "vitest";
import { truncate } from "../../../../lib/adapter/text/truncate.ts";

it.each([
  ["short", 5, "short"],
  ["longer", 5, "long…"],
  ["ab🙂🙂", 4, "ab…"],
  ["abc🙂🙂", 6, "abc🙂…"],
  ["a\ud800b", 5, "a\uFFFDb"],
])("truncates %s to %i characters", (text, most, head) => {
  expect(truncate(text, most)).toBe(head);
});
