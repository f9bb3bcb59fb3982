import { DeleteCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { wiring } from "../../../cdk/wiring.ts";
import { ModelTable } from "../../../verification/simulation/aws/ModelTable.ts";
import { Faults } from "../../../verification/simulation/Faults.ts";
import { Random } from "../../../verification/simulation/Random.ts";
import { StreamSource } from "../../../verification/simulation/StreamSource.ts";
import { Timeline } from "../../../verification/simulation/Timeline.ts";
import { StreamSource as EmulatorSource } from "../../harness/StreamSource.ts";
import { startTemplateTable } from "./startTemplateTable.ts";

const SEED = 20_260_302;

const RUNS = 25;

const START = Date.parse("2026-03-02T10:00:00Z");

const HOUR = 3_600_000;

const MANNERS = {
  indexLag: () => 0,
  staleRead: () => false,
  leavesOut: () => false,
  pageSize: Number.POSITIVE_INFINITY,
};

const item = { conversation: fc.nat({ max: 2 }), sk: fc.constantFrom("LIVE", "LIVE", "SESSION#1") };

const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant("put" as const),
        ...item,
        n: fc.nat({ max: 1 }),
        ended: fc.constantFrom(undefined, "S1"),
        hours: fc.constantFrom(undefined, 1, 5),
      }),
    },
    { weight: 2, arbitrary: fc.record({ does: fc.constant("delete" as const), ...item }) },
    { weight: 1, arbitrary: fc.constant({ does: "expire" as const }) },
  ),
  { minLength: 1, maxLength: 30, size: "max" },
);

let emulator: Awaited<ReturnType<typeof startTemplateTable>>;

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: START });
  emulator = await startTemplateTable();
});

afterAll(async () => {
  vi.useRealTimers();
  await emulator.dynamoDb.close();
});

describe("the simulation's stream", () => {
  it("brings the records that the emulator's stream brings through the template's filters", async () => {
    let runs = 0;
    const stream = new EmulatorSource(emulator.dynamoDb.endpoint, emulator.streamArn, wiring.stream.filters);
    const cases = fc.asyncProperty(steps, async (sequence) => {
      // A run that failed may have left some.
      await stream.drop();
      const run = `run${++runs}#`;
      const timeline = new Timeline(Date.now());
      const played: DynamoDBRecord[] = [];
      const table = new ModelTable(MANNERS, (_, show) => show());
      const surroundings = {
        timeline,
        faults: new Faults("", {}, new Set()),
        random: new Random(""),
        callCpu: 0,
        isTableDown: () => false,
        onCall: () => {},
      };
      const source = new StreamSource(surroundings, wiring.stream, ({ Records }, done) => {
        played.push(...Records);
        done({ result: { batchItemFailures: [] } });
      });
      table.onChange((change) => source.take(change));

      for (const step of sequence) {
        await timeline.runUntil(Date.now());
        if (step.does === "expire") {
          await expire(table);
          continue;
        }
        const Key = { pk: `${run}${step.conversation}`, sk: step.sk };
        const command =
          step.does === "delete"
            ? new DeleteCommand({ TableName: emulator.table, Key })
            : new PutCommand({ TableName: emulator.table, Item: { ...Key, ...attributesOf(step) } });
        // The SDK's `send` is typed for one kind of command at a time.
        await emulator.client.send(command as PutCommand);
        table.execute(command);
      }
      await timeline.runUntil(timeline.now + HOUR);
      const real: DynamoDBRecord[] = [];
      await stream.step(async ({ Records }) => {
        real.push(...Records.filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S?.startsWith(run)));
        return { batchItemFailures: [] };
      });
      expect(told(played)).toEqual(told(real));
    });
    await fc.assert(cases, { seed: SEED, numRuns: RUNS });
  });
});

function attributesOf({ n, ended, hours }: { n: number; ended: string | undefined; hours: number | undefined }) {
  return { n, ended, expiresAt: hours && Math.floor(Date.now() / 1000) + hours * 3_600 };
}

/** Two hours pass, and TTL deletes what has expired. */
async function expire(table: ModelTable): Promise<void> {
  vi.setSystemTime(Date.now() + 2 * HOUR);
  await emulator.dynamoDb.expire();
  for (const { pk, sk, expiresAt } of [...table.items()]) {
    if (Number(expiresAt) * 1000 < Date.now()) table.expire(String(pk), String(sk));
  }
}

/** What the gateway reads of the records, by partition: between two of them there is no order. */
function told(records: readonly DynamoDBRecord[]) {
  const shown = records.map(({ eventName, userIdentity, dynamodb = {} }) => {
    const { Keys, OldImage, NewImage, StreamViewType } = dynamodb;
    return { eventName, userIdentity, Keys, OldImage, NewImage, StreamViewType };
  });
  return Object.groupBy(shown, ({ Keys }) => Keys?.pk?.S ?? "");
}
