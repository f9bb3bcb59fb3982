import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { expiryEventSchema } from "../../../lib/expiry/ExpiryEvent.ts";

describe("what calls the expiry function", () => {
  it.each([
    [{ Records: [{ eventID: "1" }] }],
    [{ Records: [] }],
    [{ type: "sweep" }],
    [{ type: "sweep", part: 1, of: 4 }],
    [{ type: "retention" }],
  ])("%j is read as it is", (event) => {
    expect(v.parse(expiryEventSchema, event)).toEqual(event);
  });

  it.each([
    [{}],
    [{ Records: [null] }],
    [{ Records: ["text"] }],
    [{ Records: [7] }],
    [{ type: "" }],
    [{ type: "purge" }],
    [{ type: "sweep", part: "1" }],
  ])("%j is refused", (event) => {
    expect(v.safeParse(expiryEventSchema, event).success).toBe(false);
  });
});
