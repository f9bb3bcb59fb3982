import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { type ConfigInput, defineConfig } from "../../lib/config/defineConfig.ts";
import { secret } from "../../lib/index.ts";
import { http } from "../../lib/platforms/http/http.ts";
import { knownSecrets } from "../../lib/runtime/knownSecrets.ts";
import { createServices } from "../../lib/services/createServices.ts";
import type { Services } from "../../lib/services/Services.ts";
import type { ItemKey } from "../../lib/store/keys.ts";
import { ModelTable } from "../simulation/aws/ModelTable.ts";
import { tableClient } from "./modelClients.ts";

/** A single step of the code on a table in memory. */
export interface StepHarness {
  readonly services: Services;
  /** What was logged: the event and its fields. */
  readonly logged: unknown[];
  /** The clock, milliseconds since the epoch; moves where it is waited for. */
  now: number;
  /** What becomes of a command instead of going to the table; answers undefined for those that go there. */
  instead: (command: object) => unknown;
  /** The next call takes effect, and the SDK makes it again, as its answer was lost. */
  loseAnswer: boolean;
  put(item: object): void;
  peek(key: ItemKey): Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes one; reads without consistency are old.
 *
 * @param pageSize the most items of a page
 */
export function createStepHarness(now: number, config: Partial<ConfigInput> = {}, pageSize = 2): StepHarness {
  const model = new ModelTable(
    { indexLag: () => 0, staleRead: () => true, leavesOut: () => false, pageSize },
    (_, run) => run(),
  );
  const client = tableClient(model);
  const { send } = client;
  Object.assign(client, {
    send: async (command: object) => {
      const other = harness.instead(command);
      if (other !== undefined) return other;
      const answer = await Reflect.apply(send, client, [command]);
      if (!harness.loseAnswer) return answer;
      harness.loseAnswer = false;
      return Reflect.apply(send, client, [command]);
    },
  });
  const logged: unknown[] = [];
  const log = (event: string, fields?: object) => void logged.push({ event, ...fields });
  const until = async (time: number) => {
    harness.now = Math.max(harness.now, time);
  };
  const created = createServices({
    config: defineConfig({ platforms: { http: http({ secret: secret("SECRET") }) }, ...config }),
    clock: { now: () => harness.now, until },
    log: { info: log, warn: log, error: (event, error, fields) => log(event, { ...fields, error }) },
    metrics: { put: () => {} },
    table: { client, name: "table" },
    http: { send: () => Promise.reject(new Error("no network")) },
    secrets: knownSecrets({ get: () => Promise.reject(new Error("no secrets")) }),
  });
  let ids = 0;
  const harness: StepHarness = {
    services: { ...created, newId: () => `id ${++ids}` },
    logged,
    now,
    instead: () => undefined,
    loseAnswer: false,
    put: (item) => void model.execute(new PutCommand({ TableName: "table", Item: { v: 1, ...item } })),
    peek: ({ pk, sk }) => model.peek(pk, sk),
  };
  return harness;
}
