import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { expiryEventSchema } from "../../../lib/expiry/ExpiryEvent.ts";

describe("ExpiryEvent", () => {
  it.each([
    [{ Records: [{ eventID: "1" }] }],
    [{ type: "sweep" }],
    [{ type: "sweep", part: 1, of: 4 }],
    [{ type: "retention" }],
  ])("reads %j as it is", (event) => {
    expect(v.parse(expiryEventSchema, event)).toEqual(event);
  });

  it("tells the records of a queue from those of the stream", () => {
    const visit = { eventSource: "aws:sqs", body: "{}" };
    expect(v.parse(expiryEventSchema, { Records: [visit] })).toEqual({ visits: [visit] });
    const change = { eventSource: "aws:dynamodb" };
    expect(v.parse(expiryEventSchema, { Records: [change] })).toEqual({ Records: [change] });
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
