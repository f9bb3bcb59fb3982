import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, QueryCommand } from "@aws-sdk/lib-dynamodb";
import { HeldVisits } from "../../../lib/expiry/HeldVisits.ts";
import { sweep } from "../../../lib/expiry/sweep.ts";
import { knownSecrets } from "../../../lib/runtime/knownSecrets.ts";
import { createServices } from "../../../lib/services/createServices.ts";
import { configOf, SIGNING_SECRET } from "../../simulation/configOf.ts";

const LOCAL = { region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };

/** A page of the index ends at this many bytes. */
const PAGE = 1_000_000;

/**
 * The heap that a sweep holds when it begins its visits, bytes, and how many items it has read: with so many due that
 * every page it reads is full.
 */
export async function sweepHeap(collect: () => void): Promise<{ readonly heap: number; readonly items: number }> {
  let now = Date.now();
  let items = 0;
  let held: number | undefined;
  const client = Object.assign(Object.create(DynamoDBDocumentClient.from(new DynamoDBClient(LOCAL))), {
    send: async (command: object) => {
      if (command instanceof QueryCommand) {
        const page = fullPage(now);
        items += page.length;
        return { Items: page, LastEvaluatedKey: {} };
      }
      if (held === undefined) {
        collect();
        held = process.memoryUsage().heapUsed;
        // That was all that is of interest: no visit is begun any more.
        now += 600_000;
      }
      throw new Error("the bench is over");
    },
  });
  const quiet = { info: () => {}, warn: () => {}, error: () => {} };
  const services = createServices({
    config: configOf({ providers: ["crm"] }),
    clock: { now: () => now, until: async () => {} },
    log: quiet,
    metrics: { put: () => {} },
    table: { client, name: "table" },
    http: { send: () => Promise.reject(new Error("the bench makes no calls")) },
    secrets: knownSecrets({ get: async () => SIGNING_SECRET }),
  });
  collect();
  const before = process.memoryUsage().heapUsed;
  const queue = { client: new SQSClient(LOCAL), url: "queue" };
  await sweep(services, { sessionEnd: new Map([["crm", queue]]), visits: queue }, new HeldVisits(), now + 120_000);
  if (held === undefined) throw new Error("the sweep made no visit");
  return { heap: held - before, items };
}

/** As it comes from the SDK: every text is an object of its own. */
function fullPage(now: number): readonly Record<string, unknown>[] {
  const items: Record<string, unknown>[] = [];
  for (let bytes = 0; bytes < PAGE; ) {
    const id = `01J${String(items.length).padStart(23, "0")}`;
    const line = JSON.stringify({
      pk: `CONV#default/telegram/${id}//`,
      sk: `SESSION#${id}`,
      state: "DUE#0",
      at: now - 1,
    });
    bytes += line.length;
    items.push(JSON.parse(line));
  }
  return items;
}
