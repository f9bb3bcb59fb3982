import fc from "fast-check";

/** One request to a queue or its dead-letter queue; or time passes. */
export type QueueStep =
  | {
      readonly does: "send";
      readonly messages: readonly {
        readonly id: number;
        readonly group: string;
        readonly deduplication: string;
        /** Of a standard queue's, seconds. */
        readonly delay: number;
      }[];
    }
  | { readonly does: "receive"; readonly queue: "live" | "dead"; readonly most: number; readonly hidden?: number }
  /** `receipt`: 0 is the latest, 1 the one before it, and so on. */
  | { readonly does: "delete"; readonly receipt: number }
  | { readonly does: "hide"; readonly receipt: number; readonly seconds: number }
  | { readonly does: "purge"; readonly queue: "live" | "dead" }
  | { readonly does: "pass"; readonly milliseconds: number };

/** What is played on a pair of queues. */
export interface QueueScenario {
  readonly maxReceiveCount: number;
  readonly steps: readonly QueueStep[];
}

/**
 * Sequences of requests. Which messages come is open where a receive brings less than all there are: so all of a
 * standard queue are asked for, and fewer of a FIFO queue only when it has one group.
 */
export function queueStories(fifo: boolean): fc.Arbitrary<QueueScenario> {
  const oneGroup = scenario(["a"], fc.integer({ min: 1, max: 10 }));
  const manyGroups = scenario(["a", "b", "c"], fc.constant(10));
  return fifo ? fc.oneof(oneGroup, manyGroups) : manyGroups;
}

function scenario(groups: readonly string[], most: fc.Arbitrary<number>): fc.Arbitrary<QueueScenario> {
  const queue = fc.constantFrom("live" as const, "live" as const, "dead" as const);
  const receipt = fc.nat({ max: 7 });
  const steps: fc.Arbitrary<QueueStep> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        does: fc.constant("send" as const),
        messages: fc.array(
          fc.record({
            id: fc.nat({ max: 19 }),
            group: fc.constantFrom(...groups),
            deduplication: fc.constantFrom("1", "2", "3", "4", "5", "6"),
            delay: fc.constantFrom(0, 0, 0, 1, 60),
          }),
          { maxLength: 4 },
        ),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record(
        { does: fc.constant("receive" as const), queue, most, hidden: fc.constantFrom(0, 1, 60, 43_200) },
        { requiredKeys: ["does", "queue", "most"] },
      ),
    },
    { weight: 3, arbitrary: fc.record({ does: fc.constant("delete" as const), receipt }) },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constant("hide" as const),
        receipt,
        seconds: fc.constantFrom(0, 0, 1, 45, 300, 43_200, 43_201),
      }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("purge" as const), queue }) },
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant("pass" as const),
        milliseconds: fc.constantFrom(1, 999, 1_000, 29_999, 30_000, 60_000, 299_999, 300_000, 600_000),
      }),
    },
  );
  return fc.record({
    maxReceiveCount: fc.integer({ min: 1, max: 3 }),
    steps: fc.array(steps, { minLength: 1, maxLength: 50, size: "max" }),
  });
}
