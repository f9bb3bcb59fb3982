import { BatchGetCommand, DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import { CLOCK_TOLERANCE } from "../../lib/domain/clockTolerance.ts";
import type { Session } from "../../lib/domain/Session.ts";
import type { Table } from "../../lib/services/Services.ts";
import { sessionItem, turnItem } from "../../lib/store/keys.ts";
import { LOOK_BACK, lookBack } from "../../lib/store/lookBack.ts";
import { putTombstone } from "../../lib/store/turns.ts";
import { ModelTable } from "../simulation/aws/ModelTable.ts";
import { tableClient } from "./modelClients.ts";

const NOW = Date.parse("2026-03-02T10:00:00Z");

const CONVERSATION = "default/http/ann//";

const TURN = "TURN#2026-03-02T09:59:00.000Z#m1";

const MINUTE = 60_000;

describe("looking back for a turn", () => {
  let table: Table;
  /** The keys of each request for turns. */
  let asked: number[];
  /** How many requests answer nothing yet. */
  let busy: number;
  /** Before each repetition, milliseconds. */
  let waits: number[];
  const clock = { now: () => NOW, until: async (time: number) => void waits.push(time - NOW) };
  beforeEach(() => {
    const model = new ModelTable(
      { indexLag: () => 0, staleRead: () => true, leavesOut: () => false, pageSize: 30 },
      (_, run) => run(),
    );
    const client = tableClient(model);
    asked = [];
    waits = [];
    busy = 0;
    const { send } = client;
    const counting = Object.assign(client, {
      send: async (command: object) => {
        if (!(command instanceof BatchGetCommand)) return Reflect.apply(send, client, [command]);
        const { RequestItems = {} } = command.input;
        asked.push(RequestItems.table?.Keys?.length ?? 0);
        if (busy-- > 0) return { UnprocessedKeys: RequestItems };
        const { Responses } = await Reflect.apply(send, client, [command]);
        return { Responses };
      },
    });
    expect(counting).toBeInstanceOf(DynamoDBDocumentClient);
    table = { client: counting, name: "table" };
  });

  it("finds the turn, names its session, and the newest one", async () => {
    await put("S1", { startedAt: NOW - 9 * MINUTE });
    await put("S2", { startedAt: NOW - 5 * MINUTE });
    await putTurn("S1");
    expect(await look()).toMatchObject({ found: { session: "S1", turn: { sk: TURN } }, latest: { session: "S2" } });
    expect(asked).toEqual([2]);
  });

  it("finds nothing where there is nothing", async () => {
    expect(await look()).toEqual({ open: [], voided: false });
    expect(asked).toEqual([]);
  });

  it("names the newest session, too, where no turn is found", async () => {
    await put("S1", { startedAt: NOW - 9 * MINUTE });
    expect(await look()).toMatchObject({ latest: { session: "S1" } });
    expect(await look()).not.toHaveProperty("found");
  });

  it("names the sessions that are not sealed, the newest first", async () => {
    await put("S1", { startedAt: NOW - 9 * MINUTE, endedAt: NOW - 8 * MINUTE });
    await put("S2", { startedAt: NOW - 7 * MINUTE });
    await put("S3", { startedAt: NOW - 6 * MINUTE });
    expect(await look()).toMatchObject({ latest: { session: "S3" }, open: ["S3", "S2"] });
    await putTurn("S2");
    expect(await look()).toMatchObject({ found: { session: "S2" }, open: ["S3", "S2"] });
  });

  it("does not take a tombstone for a turn", async () => {
    await put("S1", { startedAt: NOW - 9 * MINUTE });
    expect(await putTombstone(table, "S1", TURN, NOW)).toBe(true);
    expect(await putTombstone(table, "S1", TURN, NOW)).toBe(true);
    expect(await look()).not.toHaveProperty("found");
    expect(await look()).toMatchObject({ voided: true });
    await putTurn("S1");
    expect(await putTombstone(table, "S1", TURN, NOW)).toBe(false);
    expect(await look()).toMatchObject({ found: { session: "S1" } });
  });

  it("leaves out the session that is not meant", async () => {
    await put("S1", { startedAt: NOW - 9 * MINUTE });
    await putTurn("S1");
    expect(await look("S1")).toEqual({ open: [], voided: false });
  });

  it("does not ask for turns of sessions that ended before the message was written", async () => {
    await put("S1", { startedAt: NOW - 90 * MINUTE, endedAt: NOW - MINUTE - CLOCK_TOLERANCE - 1 });
    expect(await look()).toMatchObject({ latest: { session: "S1" } });
    expect(asked).toEqual([]);
    await put("S2", { startedAt: NOW - 80 * MINUTE, endedAt: NOW - MINUTE - CLOCK_TOLERANCE });
    await look();
    expect(asked).toEqual([1]);
  });

  it("goes no further than to the session that had ended eight days ago", async () => {
    const old = NOW - LOOK_BACK;
    await put("S1", { startedAt: old - 9 * MINUTE, endedAt: old - 1 });
    await putTurn("S1");
    expect(await look()).toEqual({ open: [], voided: false });
    await put("S2", { startedAt: old - 5 * MINUTE, endedAt: old });
    expect(await look()).toMatchObject({ latest: { session: "S2" } });
  });

  it("counts a session that has not ended or began since as recent, however it looks", async () => {
    const old = NOW - LOOK_BACK;
    await put("S1", { startedAt: old - 9 * MINUTE });
    await put("S2", { startedAt: old, endedAt: old - 1 });
    await putTurn("S1");
    expect(await look()).toMatchObject({ found: { session: "S1" }, latest: { session: "S2" } });
  });

  it("asks for a hundred turns at once at the most", async () => {
    for (let number = 0; number < 101; number++) {
      await put(`S${String(number).padStart(3, "0")}`, { startedAt: NOW - 9 * MINUTE });
    }
    await putTurn("S000");
    expect(await look()).toMatchObject({ found: { session: "S000" }, latest: { session: "S100" } });
    expect(asked).toEqual([100, 1]);
  });

  it("stops where it finds the turn", async () => {
    for (let number = 0; number < 101; number++) {
      await put(`S${String(number).padStart(3, "0")}`, { startedAt: NOW - 9 * MINUTE });
    }
    await putTurn("S100");
    expect(await look()).toMatchObject({ found: { session: "S100" } });
    expect(asked).toEqual([100]);
  });

  it("asks again for what the table left out", async () => {
    await put("S1", { startedAt: NOW - 9 * MINUTE });
    await put("S2", { startedAt: NOW - 5 * MINUTE });
    await putTurn("S1");
    busy = 2;
    expect(await look()).toMatchObject({ found: { session: "S1" } });
    expect(asked).toEqual([2, 2, 2]);
    expect(waits).toEqual([50, 100]);
  });

  const look = (but?: string) =>
    lookBack({ table, clock, random: () => 1 }, CONVERSATION, { turn: TURN, at: NOW - MINUTE }, NOW, but);

  async function put(session: string, times: Pick<Session, "startedAt" | "endedAt">): Promise<void> {
    const row = { session, conversation: CONVERSATION, platform: "http", chat: { id: "ann", type: "dm" } };
    const rest = { origin: "chat", status: times.endedAt === undefined ? "open" : "ended" };
    const Item = { ...sessionItem(CONVERSATION, session), v: 1, ...row, ...rest, ...times };
    await table.client.send(new PutCommand({ TableName: "table", Item }));
  }

  async function putTurn(session: string): Promise<void> {
    const turn = { kind: "turn", messageId: "m1", at: NOW, origin: "chat", status: "done", enqueueId: "c", sent: 0 };
    const Item = { ...turnItem(session, TURN), v: 1, ...turn };
    await table.client.send(new PutCommand({ TableName: "table", Item }));
  }
});
