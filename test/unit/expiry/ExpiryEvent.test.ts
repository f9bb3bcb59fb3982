import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { expiryEventSchema } from "../../../lib/expiry/ExpiryEvent.ts";

describe("ExpiryEvent", () => {
  it.each([
    [{ Records: [{ eventID: "1" }] }],
    [{ Records: [] }],
    [{ type: "sweep" }],
    [{ type: "sweep", part: 1, of: 4 }],
    [{ type: "retention" }],
  ])("reads %j as it is", (event) => {
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
  ])("refuses %j", (event) => {
    expect(v.safeParse(expiryEventSchema, event).success).toBe(false);
  });
});
