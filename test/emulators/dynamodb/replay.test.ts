import { DeleteCommand, PutCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import fc from "fast-check";
import { expect, it, vi } from "vitest";
import { readStream } from "./readStream.ts";
import { contentsOf, indexesOf, replay } from "./replay.ts";
import { startTable, TABLE } from "./startTable.ts";

const NOW = Date.UTC(2026, 0, 1);

const few = fc.constantFrom("a", "b", "c");

const key = fc.record({ pk: few, sk: few });

const attributes = fc.record(
  {
    g1: few,
    s1: few,
    g2: few,
    g3: few,
    name: fc.oneof(few, fc.string({ minLength: 1 })),
    n: fc.integer({ min: -5, max: 5 }),
    list: fc.array(few, { maxLength: 3 }),
    map: fc.dictionary(few, fc.boolean()),
    // Expired, not yet, and so long ago that it counts as a mistake.
    ttl: fc.constantFrom(NOW / 1000 - 10, NOW / 1000 + 1000, 1000),
  },
  { requiredKeys: [] },
);

const condition = fc.constantFrom(undefined, "attribute_exists(pk)", "attribute_not_exists(pk)", "n > :zero");

const update = fc.constantFrom(
  "SET g1 = :text, s1 = :text",
  "SET g2 = :text REMOVE g3",
  "ADD n :one",
  "REMOVE #list[0], #list[1], g1",
  "SET #list = list_append(if_not_exists(#list, :none), :none)",
  "SET #map.x = :text",
  "REMOVE #ttl",
);

const write = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("Put" as const), key, attributes, condition }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("Update" as const), key, update, text: few, condition }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("Delete" as const), key, condition }) },
);

type Write = typeof write extends fc.Arbitrary<infer T> ? T : never;

const step = fc.oneof(
  { weight: 4, arbitrary: write.map((one) => [one]) },
  { weight: 2, arbitrary: fc.array(write, { minLength: 2, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.constant("expire" as const) },
);

/** A write as a request; only the names and values that its expressions use. */
function inputOf(one: Write) {
  const expressions = `${"update" in one ? one.update : ""} ${one.condition ?? ""}`;
  const used = <T>(all: { [name: string]: T }) => {
    const entries = Object.entries(all).filter(([name]) => expressions.includes(name));
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return {
    TableName: TABLE,
    ConditionExpression: one.condition,
    ExpressionAttributeNames: used({ "#list": "list", "#map": "map", "#ttl": "ttl" }),
    ExpressionAttributeValues: used<unknown>({
      ":text": "text" in one ? one.text : "",
      ":one": 1,
      ":zero": 0,
      ":none": [],
    }),
  };
}

it("makes the same table, and the same indexes, from the stream's records as from the writes", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { db, raw, doc, streams, streamArn } = await startTable();
      for (const one of steps) {
        if (one === "expire") await db.expire();
        else await (one.length === 1 ? single(one) : transaction(one)).catch(expected);
      }
      const records = await readStream(streams, streamArn);
      const table = await contentsOf(raw);
      expect(replay(records)).toEqual(table);
      for (const [index, items] of Object.entries(indexesOf(table))) {
        expect(await contentsOf(raw, index), index).toEqual(items);
      }
      await db.close();

      async function single([one]: Write[]) {
        if (one?.kind === "Put")
          await doc.send(new PutCommand({ ...inputOf(one), Item: { ...one.attributes, ...one.key } }));
        if (one?.kind === "Delete") await doc.send(new DeleteCommand({ ...inputOf(one), Key: one.key }));
        if (one?.kind === "Update") {
          await doc.send(new UpdateCommand({ ...inputOf(one), Key: one.key, UpdateExpression: one.update }));
        }
      }

      async function transaction(writes: Write[]) {
        const before = await contentsOf(raw);
        const TransactItems = writes.map((one) => {
          if (one.kind === "Put") return { Put: { ...inputOf(one), Item: { ...one.attributes, ...one.key } } };
          if (one.kind === "Delete") return { Delete: { ...inputOf(one), Key: one.key } };
          return { Update: { ...inputOf(one), Key: one.key, UpdateExpression: one.update } };
        });
        await doc.send(new TransactWriteCommand({ TransactItems })).catch(async (error) => {
          expect(await contentsOf(raw)).toEqual(before);
          throw error;
        });
      }
    }),
    { numRuns: 40 },
  );
  vi.useRealTimers();
}, 60_000);

/** Writes that the service refuses are part of the game; a fault of the emulator is not. */
function expected(error: unknown): void {
  const names = ["ConditionalCheckFailedException", "TransactionCanceledException", "ValidationException"];
  expect(names).toContain(error instanceof Error ? error.name : error);
}
