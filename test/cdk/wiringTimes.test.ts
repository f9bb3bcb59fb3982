import { describe, expect, it } from "vitest";
import { wiring } from "../../cdk/wiring.ts";

const { inbound, sessionEnd, stream, timeouts } = wiring;

describe("the wiring", () => {
  it("hides a message for longer than its function may run, so that a dead attempt can't write any more", () => {
    expect(inbound.visibilityTimeout).toBeGreaterThan(timeouts.message);
    expect(sessionEnd.visibilityTimeout).toBeGreaterThan(timeouts.sessionEnd);
  });

  it("leaves a sweep time when it has waited a whole minute", () => {
    expect(timeouts.expiry).toBeGreaterThanOrEqual(60 + 30);
  });

  it("gives a stream record up with an alarm before the stream drops it in silence, after 24 hours", () => {
    expect(stream.maxRecordAge).toBeLessThan(24 * 3_600);
  });
});
