import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { VesperError } from "../../lib/domain/VesperError.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { allRows, hookRows } from "../harness/rows.ts";
import { sweepAt } from "../harness/sweepAt.ts";
import { webhookTo } from "../harness/webhookTo.ts";
import { enqueueHook, enqueueInbound, put } from "./putOnStand.ts";
import {
  conversation,
  deadHook,
  HOOK_JOB,
  hook,
  INBOUND_JOB,
  SESSION,
  sealed,
  session,
  skipped,
  turn,
} from "./versionOneRows.ts";

/** Further than the longest wait of a job that failed. */
const NEXT_TRY = "61s";

let harness: GatewayHarness;

beforeEach(async () => {
  harness = await startGatewayHarness("2026-03-02T10:01:00Z");
  harness.deploy({ memory: { crm: webhookTo(harness.provider) } });
});

afterEach(() => harness.stop());

describe("code of one version, at an item of the next,", () => {
  it("lets a conversation's message wait, the sweep leaves it, and both go on when newer code is back", async () => {
    const newer = { ...conversation, v: 2, session: { id: SESSION } };
    await put(harness, newer, session, turn);
    await enqueueInbound(harness, INBOUND_JOB);
    await harness.step.message();
    await sweepAt(harness, "2026-03-02T10:31:00Z");

    expect(failures()).toEqual([
      ["job.failed", "NewerVersion", true],
      ["visit.failed", "NewerVersion", true],
      ["job.failed", "NewerVersion", true],
    ]);
    expect(await rows(newer.sk, session.sk)).toEqual([newer, session]);
    expect(harness.replies.effects).toEqual([]);

    await put(harness, { ...conversation, expiresAt: conversation.expiresAt + 3_600 });
    harness.advance(NEXT_TRY);
    await harness.settle();
    expect(harness.replies.effects.map(({ body }) => body.text)).toEqual(["You said: two"]);
  });

  it("tries the stream record of an ended conversation again, gives it up, and its session is swept", async () => {
    await put(harness, { ...conversation, v: 2 }, session, turn);
    const { client, name } = harness.operatorTable;
    await client.send(new DeleteCommand({ TableName: name, Key: { pk: conversation.pk, sk: conversation.sk } }));
    await harness.step.stream();
    expect(failures()).toEqual([["seal.failed", "NewerVersion", true]]);
    expect(await rows(session.sk)).toEqual([session]);

    await harness.stream.drop();
    await sweepAt(harness, "2026-03-02T10:31:00Z");
    await sweepAt(harness, "2026-03-02T10:37:00Z");
    expect(harness.delivered()).toMatchObject([{ session: SESSION, turns: 1, reason: "recovered" }]);
  });

  it.each([
    ["a session", { ...session, v: 2 }, turn],
    ["a turn", session, { ...turn, v: 3 }],
  ])(
    "seals nothing at %s, neither by the stream nor by the sweep, and delivers no word of it",
    async (_what, row, words) => {
      await put(harness, conversation, row, words);
      for (const time of ["10:31", "10:32", "10:37", "10:43"]) await sweepAt(harness, `2026-03-02T${time}:00Z`);

      expect(failures().length).toBeGreaterThan(1);
      for (const failure of failures()) expect(failure).toEqual([expect.any(String), "NewerVersion", true]);
      expect(await rows(row.sk, words.sk)).toMatchObject([{ v: row.v, status: "open" }, words]);
      expect(await hookRows(harness)).toEqual([]);
    },
  );

  it("answers no further message without a turn", async () => {
    await put(harness, conversation, session, { ...turn, v: 3 });
    await enqueueInbound(harness, INBOUND_JOB);
    await harness.step.message();
    expect(failures()).toEqual([["job.failed", "NewerVersion", true]]);
    expect(await rows(conversation.sk)).toEqual([conversation]);
  });

  it("lets a hook's job wait, and the sweep and an operator leave it", async () => {
    const newer = { ...hook, v: 2 };
    await put(harness, sealed, turn, newer);
    await enqueueHook(harness, HOOK_JOB);
    await harness.step.sessionEnd();
    await sweepAt(harness, "2026-03-02T10:06:00Z");
    expect(failures().slice(0, 2)).toEqual([
      ["job.failed", "NewerVersion", true],
      ["visit.failed", "NewerVersion", true],
    ]);
    expect(await rows(newer.sk)).toEqual([newer]);

    const dead = { ...deadHook, v: 2 };
    await put(harness, dead);
    await expect(harness.deadHooks().then(harness.redrive)).rejects.toMatchObject({
      name: "NewerVersion",
      retry: true,
    });
    expect(await rows(dead.sk)).toEqual([dead]);
    expect(harness.provider.requests).toEqual([]);
  });

  it.each([
    ["session", { ...sealed, v: 2 }, turn, skipped],
    ["turn", sealed, { ...turn, v: 3 }, skipped],
    ["hook", sealed, turn, { ...skipped, v: 2 }],
  ])("deletes nothing by retention of a session with such a %s", async (_what, ...items) => {
    await put(harness, ...items);
    harness.goTo("2026-05-02T10:00:00Z");
    await harness.retention();
    expect(failures()).toEqual([["purge.failed", "NewerVersion", true]]);
    expect(await rows(...items.map(({ sk }) => sk))).toEqual(items);

    await put(harness, sealed, turn, skipped);
    harness.advance("10m");
    await harness.retention();
    expect(await allRows(harness)).toEqual([]);
  });

  /** What went wrong: where, the error's name, and whether a retry helps. */
  function failures(): readonly unknown[] {
    return harness.logged.flatMap(({ event, error }) =>
      error instanceof VesperError ? [[event, error.name, error.retry]] : [],
    );
  }

  /** The items with these sort keys, in that order. */
  async function rows(...sortKeys: readonly string[]): Promise<readonly unknown[]> {
    const all = await allRows(harness);
    return sortKeys.map((sk) => all.find((row) => row.sk === sk));
  }
});
