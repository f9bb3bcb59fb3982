import fc from "fast-check";
import { tableExpressions } from "./tableExpressions.ts";

/** One request; numbers choose keys and values. */
export type TableStep =
  | { readonly does: "put" | "delete"; readonly key: number; readonly draws: Draws; readonly condition?: string }
  | {
      readonly does: "update";
      readonly key: number;
      readonly draws: Draws;
      readonly update: string;
      readonly condition?: string;
      /** As `updateItem` does it: never an item of a newer version. */
      readonly versioned: boolean;
    }
  | { readonly does: "get"; readonly key: number; readonly consistent: boolean }
  | {
      readonly does: "query";
      readonly draws: Draws;
      readonly where: string;
      readonly filter?: string;
      readonly projection?: string;
      readonly backward: boolean;
      readonly counts: boolean;
      readonly limit?: number;
      readonly consistent: boolean;
    }
  | { readonly does: "batchGet"; readonly keys: readonly number[] }
  | {
      readonly does: "batchWrite";
      readonly writes: readonly { readonly key: number; readonly draws: Draws; readonly puts: boolean }[];
    };

/** Chance, used up from the front. */
export type Draws = readonly number[];

const { conditions, updates, filters, projections, keyConditions } = tableExpressions;

// The first keys are good ones, the others are refused or on the border.
const key = fc.oneof(
  { weight: 25, arbitrary: fc.nat({ max: 3 }) },
  { weight: 10, arbitrary: fc.nat({ max: 11 }) },
  { weight: 1, arbitrary: fc.integer({ min: 12, max: 20 }) },
);

const sixteen = { minLength: 16, maxLength: 16 };

// Few different values beside many: equal ones must meet.
const draws = fc.oneof(
  fc.constantFrom(0, 1, 3).map((value) => Array.from({ length: 16 }, () => value)),
  fc.array(fc.nat({ max: 4 }), sixteen),
  fc.array(fc.nat({ max: 59 }), sixteen),
);

const optional: { requiredKeys: ("does" | "key" | "draws")[] } = { requiredKeys: ["does", "key", "draws"] };

/** Sequences of requests. */
export const tableSteps: fc.Arbitrary<readonly TableStep[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record(
        { does: fc.constant("put" as const), key, draws, condition: fc.constantFrom(...conditions) },
        optional,
      ),
    },
    {
      weight: 8,
      arbitrary: fc.record(
        {
          does: fc.constant("update" as const),
          key,
          draws,
          update: fc.constantFrom(...updates),
          condition: fc.constantFrom(...conditions),
          versioned: fc.boolean(),
        },
        { requiredKeys: ["does", "key", "draws", "update", "versioned"] },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.record(
        { does: fc.constant("delete" as const), key, draws, condition: fc.constantFrom(...conditions) },
        optional,
      ),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant("get" as const), key, consistent: fc.boolean() }) },
    {
      weight: 4,
      arbitrary: fc.record(
        {
          does: fc.constant("query" as const),
          draws,
          where: fc.constantFrom(...keyConditions),
          filter: fc.constantFrom(...filters),
          projection: fc.constantFrom(...projections),
          backward: fc.boolean(),
          counts: fc.boolean(),
          limit: fc.integer({ min: 1, max: 4 }),
          consistent: fc.boolean(),
        },
        { requiredKeys: ["does", "draws", "where", "backward", "counts", "consistent"] },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant("batchGet" as const), keys: fc.array(key, { maxLength: 5 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant("batchWrite" as const),
        writes: fc.array(fc.record({ key, draws, puts: fc.boolean() }), { maxLength: 4 }),
      }),
    },
  ),
  { minLength: 1, maxLength: 60, size: "max" },
);
