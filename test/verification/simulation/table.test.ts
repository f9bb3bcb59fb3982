import { globSync, readFileSync } from "node:fs";
import type { GetCommand } from "@aws-sdk/lib-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelTable, type TableChange } from "../../../verification/simulation/aws/ModelTable.ts";
import { iteratorOf, recordsFrom } from "../../emulators/dynamodb/readStream.ts";
import { playTable } from "./playTable.ts";
import { startTemplateTable } from "./startTemplateTable.ts";
import { tableExpressions } from "./tableExpressions.ts";
import { tableSteps } from "./tableSteps.ts";

const SEED = 20_260_302;

const RUNS = 40;

const MANNERS = {
  indexLag: () => 0,
  staleRead: () => false,
  leavesOut: () => false,
  pageSize: Number.POSITIVE_INFINITY,
};

let emulator: Awaited<ReturnType<typeof startTemplateTable>>;

beforeAll(async () => {
  emulator = await startTemplateTable();
});

afterAll(() => emulator.dynamoDb.close());

describe("the model of the table", () => {
  it("answers every sequence of requests as the emulator does", async () => {
    let runs = 0;
    let after: string | undefined;
    const cases = fc.asyncProperty(tableSteps, async (steps) => {
      const place = { table: emulator.table, run: `run${++runs}#` };
      const changes: TableChange[] = [];
      const model = new ModelTable(MANNERS, (_, run) => run());
      model.onChange((change) => changes.push(change));
      for (const step of steps) {
        const real = await playTable(step, place, (command) =>
          // The SDK's `send` is typed for one kind of command at a time.
          emulator.client.send(command as GetCommand),
        );
        const played = await playTable(step, place, async (command) => model.execute(command));
        expect(played, JSON.stringify(step)).toEqual(real);
      }

      const { streams, streamArn } = emulator;
      const iterator = await iteratorOf(streams, streamArn, after ? "AFTER_SEQUENCE_NUMBER" : "TRIM_HORIZON", after);
      const records = await recordsFrom(streams, iterator);
      after = records.at(-1)?.dynamodb?.SequenceNumber ?? after;
      // A run that failed may have left some.
      const own = records.filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S?.startsWith(place.run));
      expect(changes.map(recordOf)).toEqual(
        own.map(({ eventName, dynamodb: { Keys, OldImage, NewImage } = {} }) => ({
          eventName,
          Keys,
          OldImage,
          NewImage,
        })),
      );
    });
    await fc.assert(cases, { seed: SEED, numRuns: RUNS });
  });

  // Not played: what operators alone do and the simulation does not. The lists' key conditions are put together of parts.
  const NOT_PLAYED =
    /^lib\/operator\/(findByState|findSession|listSessions|pages\/stateReader|operations\/Operation|forget\/\w+)\.ts/;

  it("is compared in every expression that lib/ makes, but those of operators that nobody plays", () => {
    const known = new Set<string>(Object.values(tableExpressions).flatMap((expressions) => [...expressions]));
    const made = globSync("lib/**/*.ts")
      .filter((file) => !NOT_PLAYED.test(file))
      .flatMap((file) => [
        ...readFileSync(file, "utf8")
          .matchAll(/Expression:\s([^`]*?),\n/g)
          .flatMap(([, text = ""]) => literals(text)),
      ]);
    expect(made.length).toBeGreaterThan(30);
    expect(made.filter((expression) => !known.has(expression))).toEqual([]);
  });
});

/** The texts of an expression in the code, those that are added to each other as one. */
function literals(code: string): string[] {
  return [...code.replaceAll(/"\s*\+\s*"/g, "").matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
}

function recordOf({ pk, sk, before, after }: TableChange) {
  return {
    eventName: !before ? "INSERT" : after ? "MODIFY" : "REMOVE",
    Keys: marshall({ pk, sk }),
    OldImage: before && marshall(before),
    NewImage: after && marshall(after),
  };
}
