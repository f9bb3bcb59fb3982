import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as v from "valibot";
import { beforeEach, describe, expect, it } from "vitest";
import { purge } from "../../../lib/expiry/purge.ts";
import { defineConfig, secret } from "../../../lib/index.ts";
import { http } from "../../../lib/platforms/http/http.ts";
import { knownSecrets } from "../../../lib/runtime/knownSecrets.ts";
import { createServices } from "../../../lib/services/createServices.ts";
import { SHARDS } from "../../../lib/store/dueIndex.ts";
import { hookItem, type ItemKey, sessionItem } from "../../../lib/store/keys.ts";
import { NOW } from "../message/conversations.ts";

/** More of them than a run has time for: one of so many seconds reads one a second. */
const RUN = 40_000;

const KEPT = 60;

const BETWEEN_RUNS = 600_000;

const queryStart = v.optional(v.object({ page: v.number() }), { page: 0 });

describe("retention", () => {
  let now: number;
  /** What each index partition answers, page by page. */
  let ended: Map<string, ItemKey[][]>;
  /** The partitions and pages asked for. */
  let asked: [state: string, page: number][];
  let deleted: unknown[];
  let failed: unknown[];
  let done: unknown[];
  beforeEach(() => {
    now = NOW;
    ended = new Map();
    [asked, deleted, failed, done] = [[], [], [], []];
  });

  it("B7 lets a session that can't be purged hold up no other", async () => {
    ended.set("ENDED#0", [rows("GOOD-1", "BAD", "GOOD-2")]);

    await run();

    expect(deleted.sort()).toEqual(["SESSION#GOOD-1", "SESSION#GOOD-2"]);
    expect(failed).toEqual([["purge.failed", "SESSION#BAD"]]);
  });

  it("purges within eight runs what stands behind more kept sessions than a run has time for", async () => {
    const states = Array.from({ length: SHARDS }, (_, shard) => `ENDED#${shard}`);
    const kept = rows(...Array.from({ length: KEPT }, (_, number) => `KEPT-${number}`));
    for (const state of states) ended.set(state, [[...rows(`GOOD-${state}`), ...kept]]);

    for (let number = 0; number < SHARDS; number++) {
      now = NOW + number * BETWEEN_RUNS;
      await run();
    }

    expect(deleted.sort()).toEqual(states.map((state) => `SESSION#GOOD-${state}`));
    expect(done).toEqual(Array(SHARDS).fill({ purged: 1, kept: expect.any(Number), failed: 0, finished: false }));
  });

  it("looks at all sessions in every run that has time for them, and says so", async () => {
    for (let number = 0; number < SHARDS; number++) {
      now = NOW + number * BETWEEN_RUNS;
      asked = [];
      await run();
      expect(new Set(asked.map(([state]) => state)).size).toBe(SHARDS);
    }
    expect(done).toEqual(Array(SHARDS).fill({ purged: 0, kept: 0, failed: 0, finished: true }));
  });

  it("reads no further page of this shard or another once its time is over, and says that it is not finished", async () => {
    const kept = rows(...Array.from({ length: KEPT }, (_, number) => `KEPT-${number}`));
    for (let shard = 0; shard < SHARDS; shard++) ended.set(`ENDED#${shard}`, [kept, kept, kept]);

    await run();

    expect(asked).toHaveLength(1);
    expect(done).toMatchObject([{ purged: 0, finished: false }]);
  });

  /** One run, which reads a session each second. */
  async function run(): Promise<void> {
    const client = Object.assign(DynamoDBDocumentClient.from(new DynamoDBClient({ region: "none" })), { send });
    const quiet = () => {};
    const services = createServices({
      config: defineConfig({ platforms: { http: http({ secret: secret("SECRET") }) } }),
      clock: { now: () => now, until: async () => {} },
      log: {
        info: (_, fields) => done.push(fields),
        warn: quiet,
        error: (event, _, fields) => failed.push([event, fields?.key]),
      },
      metrics: { put: quiet },
      table: { client, name: "table" },
      http: { send: () => Promise.reject(new Error("no network")) },
      secrets: knownSecrets({ get: () => Promise.reject(new Error("no secrets")) }),
    });
    await purge(services, now + RUN);
  }

  async function send(command: unknown): Promise<unknown> {
    if (command instanceof DeleteCommand) deleted.push(command.input.Key?.sk);
    if (command instanceof GetCommand) now += 1000;
    if (!(command instanceof QueryCommand)) return {};
    const { ":state": state, ":pk": pk } = command.input.ExpressionAttributeValues ?? {};
    if (pk === "SESSION#BAD") throw new Error("unreadable");
    if (pk !== undefined) {
      const session = String(pk).replace("SESSION#", "");
      return { Items: session.startsWith("KEPT") ? [{ ...hookItem(session, "crm"), status: "dead" }] : [] };
    }
    const { page } = v.parse(queryStart, command.input.ExclusiveStartKey);
    asked.push([state, page]);
    const pages = ended.get(state) ?? [];
    return {
      Items: pages[page] ?? [],
      ...(page + 1 < pages.length ? { LastEvaluatedKey: { page: page + 1 } } : {}),
    };
  }
});

function rows(...sessions: readonly string[]): ItemKey[] {
  return sessions.map((session) => sessionItem("acme/http/7//", session));
}
