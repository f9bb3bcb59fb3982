import { expect, it } from "vitest";
import { errorGroup, normaliseError } from "../../../lib/operator/listGroups.ts";

it.each([
  ["crm answered 503 after 1204 ms", "crm answered # after # ms"],
  ["GET https://x.test/a/b?token=abc&x=1#top failed", "GET https://x.test/a/b failed"],
  ["no user 3f2b8c4e-1111-4222-8333-abcdefabcdef here", "no user # here"],
  ["session 01KJPZV280TDD23F7MA38C8FHX is unknown", "session # is unknown"],
  ["object at 0xdeadbeef, hash 9f86d081", "object at #, hash #"],
  ["request req_8asd7f6a8sd7f6as refused", "request # refused"],
  ["the certificate has expired", "the certificate has expired"],
  ["a\n  b", "a b"],
])("tells the error %j as %j", (message, normalised) => {
  expect(normaliseError(message)).toBe(normalised);
});

it("groups failures by their cause, kind and status", () => {
  const failure = (message: string, kind = "transient", status?: number) =>
    errorGroup({ kind, message, ...(status === undefined ? {} : { status }) });
  const group = failure("timeout of 30000 ms for 01KJPZV280TDD23F7MA38C8FHX");
  expect(group).toMatch(/^[0-9a-f]{8}$/);
  expect(failure("timeout of 1000 ms for 01KJPZWWV01KJJXPKGV0736931")).toBe(group);
  expect(failure("timeout of 30000 ms for 01KJPZV280TDD23F7MA38C8FHX", "auth")).not.toBe(group);
  expect(failure("timeout of 30000 ms for 01KJPZV280TDD23F7MA38C8FHX", "transient", 504)).not.toBe(group);
  expect(failure("reset")).not.toBe(group);
});

it("normalises a long hostile text in no time", () => {
  const started = performance.now();
  normaliseError(`https://${"a-_".repeat(200)}${"f".repeat(500)}${"- ".repeat(500)}`.slice(0, 500));
  expect(performance.now() - started).toBeLessThan(100);
});
