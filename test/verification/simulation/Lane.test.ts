import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lane } from "../../../verification/simulation/aws/Lane.ts";
import type { Stored } from "../../../verification/simulation/aws/VisibleMessages.ts";

const steps = fc.array(
  fc.record({
    does: fc.constantFrom("put", "put", "hide", "hide", "hide", "remove", "pass"),
    which: fc.nat({ max: 20 }),
    time: fc.nat({ max: 5 }),
  }),
  { maxLength: 60, size: "max" },
);

describe("Lane", () => {
  it("hands out all that is visible", () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const lane = new Lane();
        const messages: Stored[] = [];
        let now = 0;
        for (const [number, { does, which, time }] of sequence.entries()) {
          const message = messages[which % Math.max(1, messages.length)];
          if (does === "pass") now += time;
          else if (does === "put") {
            const stored = messageOf(number, now);
            messages.push(stored);
            lane.put(stored);
          } else if (message && does === "remove") {
            messages.splice(messages.indexOf(message), 1);
            lane.remove(message);
          } else if (message) {
            message.visibleAt = now + time;
            lane.hide(message);
          }
          lane.open(now);
          const visible = messages.filter(({ visibleAt }) => visibleAt <= now);
          expect(numbersOf(lane.ready())).toEqual(numbersOf(visible));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

function messageOf(number: number, now: number): Stored {
  const id = `m${number}`;
  return {
    number,
    id,
    body: "",
    group: "",
    sentAt: now,
    firstReceivedAt: undefined,
    receivedAt: now,
    visibleAt: now,
    count: 0,
    receipt: undefined,
  };
}

function numbersOf(messages: readonly Stored[]): readonly number[] {
  return messages.map(({ number }) => number).toSorted((a, b) => a - b);
}
