import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lanes } from "../../simulation/aws/Lanes.ts";
import type { Stored } from "../../simulation/aws/Shelf.ts";

const steps = fc.array(
  fc.record({
    does: fc.constantFrom("put", "put", "hide", "hide", "hide", "remove", "pass"),
    group: fc.constantFrom("a", "b", "c"),
    which: fc.nat({ max: 20 }),
    time: fc.nat({ max: 5 }),
  }),
  { maxLength: 60, size: "max" },
);

describe("Lanes", () => {
  it.each([
    ["of a fair queue: what is visible of a group that has least in flight", true],
    ["of another queue: all that is visible", false],
  ])("%s", (_, isFair) => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const lanes = new Lanes(isFair);
        const messages: Stored[] = [];
        let now = 0;
        for (const [number, { does, group, which, time }] of sequence.entries()) {
          const message = messages[which % Math.max(1, messages.length)];
          if (does === "pass") now += time;
          else if (does === "put") {
            const stored = messageOf(number, group, now);
            messages.push(stored);
            lanes.put(stored);
          } else if (message && does === "remove") {
            messages.splice(messages.indexOf(message), 1);
            lanes.remove(message);
          } else if (message) {
            message.visibleAt = now + time;
            lanes.hide(message);
          }
          lanes.open(now);
          const groups = new Map<string, Stored[]>();
          for (const one of messages) {
            const name = isFair ? one.group : "";
            groups.set(name, [...(groups.get(name) ?? []), one]);
          }
          const visible = (of: readonly Stored[]) => of.filter(({ visibleAt }) => visibleAt <= now);
          const inFlight = (of: readonly Stored[]) => of.length - visible(of).length;
          const lists = [...groups.values()].filter((of) => visible(of).length > 0);
          const least = Math.min(...lists.map(inFlight));
          const right = lists.filter((of) => inFlight(of) === least).map((of) => numbersOf(visible(of)));
          expect(right.length > 0 ? right : [[]]).toContainEqual(numbersOf(lanes.ready()));
        }
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});

function messageOf(number: number, group: string, now: number): Stored {
  const id = `m${number}`;
  const times = { sentAt: now, firstReceivedAt: undefined, receivedAt: now, visibleAt: now };
  return { number, id, body: "", group, ...times, count: 0, receipt: undefined };
}

function numbersOf(messages: readonly Stored[]): readonly number[] {
  return messages.map(({ number }) => number).toSorted((a, b) => a - b);
}
