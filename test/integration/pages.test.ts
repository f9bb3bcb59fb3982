import { DeleteCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resolveSession } from "../../lib/operator/findSession.ts";
import { listGroups } from "../../lib/operator/listGroups.ts";
import { type HookFilter, listHooks } from "../../lib/operator/listHooks.ts";
import { listSessions, type SessionFilter } from "../../lib/operator/listSessions.ts";
import { CursorError } from "../../lib/operator/pages/cursor.ts";
import { hookItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";
import { type Seeded, seedLedger } from "./seedLedger.ts";

/** How many sessions are there, each with one dead hook but every tenth, whose hook is delivered. */
const COUNT = 120;

describe("the pages of a ledger", () => {
  let harness: GatewayHarness;
  let seeded: readonly Seeded[];
  const now = Date.parse("2026-03-02T10:00:00Z");
  beforeAll(async () => {
    harness = await startGatewayHarness();
    seeded = await seedLedger(harness.operatorTable, COUNT, now, (index) => ({
      ...(index % 10 === 0 ? { status: "delivered", deliveredAt: now, receipt: {} } : {}),
      ...(index % 3 === 0
        ? { failures: [{ at: now - index, took: 1, kind: "transient", status: 503, message: `busy for ${index} s` }] }
        : {}),
    }));
  });
  afterAll(() => harness.stop());

  const ids = (list: readonly Seeded[]) => list.map(({ hook }) => hook.session);
  const dead = () => seeded.filter(({ hook }) => hook.status === "dead");

  async function readHooks(filter: Partial<HookFilter>, between = async () => {}): Promise<readonly string[]> {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listHooks(harness.services, { limit: 17, ...filter, cursor });
      expect(page.hooks.length).toBeLessThanOrEqual(17);
      found.push(...page.hooks.map(({ session }) => session));
      cursor = page.next;
      await between();
    } while (cursor !== undefined);
    return found;
  }

  it("show each hook once, newest or oldest first, by state or all together", async () => {
    expect(await readHooks({ status: "dead" })).toEqual(ids(dead()).toReversed());
    expect(await readHooks({ status: "dead", order: "oldest" })).toEqual(ids(dead()));
    expect(await readHooks({})).toEqual(ids(seeded).toReversed());
    expect(await readHooks({ status: "delivered" })).toHaveLength(COUNT / 10);
    expect(await readHooks({ status: "pending" })).toEqual([]);
  });

  it("sift by group, conversation, platform, time and the end of the id", async () => {
    const { groups } = await listGroups(harness.services);
    expect(groups).toMatchObject([
      { kind: "auth", status: 401, message: "crm answered # to request #", count: 72, providers: { crm: 72 } },
      { kind: "transient", status: 503, message: "busy for # s", count: 36, firstSeen: expect.any(String) },
    ]);
    expect(groups[1]?.example).toMatchObject({ message: "busy for 3 s", provider: "crm" });
    expect(await readHooks({ status: "dead", group: groups[1]?.group ?? "" })).toHaveLength(36);
    expect(await readHooks({ conversation: "chat-7" })).toEqual([seeded[7]?.hook.session]);
    expect(await readHooks({ status: "dead", conversation: "default/http/chat-7//" })).toEqual([
      seeded[7]?.hook.session,
    ]);
    expect(await readHooks({ status: "dead", platform: "telegram" })).toEqual([]);
    expect(await readHooks({ status: "dead", id: seeded[8]?.hook.session.slice(-6) ?? "" })).toEqual([
      seeded[8]?.hook.session,
    ]);
    const until = seeded[19]?.hook.deadAt;
    expect(await readHooks({ status: "dead", until })).toEqual(ids(dead().slice(0, 18)).toReversed());
    expect(await readHooks({ status: "dead", since: now - 3_000 })).toHaveLength(3);
  });

  it("neither skip nor repeat one when others come and go between two pages", async () => {
    const gone = dead().filter((_, index) => index % 5 === 0);
    const kept = new Set(ids(dead()).filter((id) => !ids(gone).includes(id)));
    let round = 0;
    const found = await readHooks({ status: "dead" }, async () => {
      await seedLedger(harness.operatorTable, 3, now + ++round * 10_000);
      for (const { hook } of gone.splice(0, 6)) {
        const { client, name } = harness.operatorTable;
        await client.send(new DeleteCommand({ TableName: name, Key: hookItem(hook.session, hook.provider) }));
      }
    });
    expect(new Set(found).size).toBe(found.length);
    expect([...kept].filter((id) => !found.includes(id))).toEqual([]);
  });

  it("belong to one filter, and refuse a cursor of another list, or one that is none", async () => {
    const { next = "" } = await listHooks(harness.services, { status: "dead", limit: 5 });
    for (const filter of [{ cursor: next }, { status: "dead", cursor: "nonsense" }, { status: "dead", cursor: "" }]) {
      await expect(listHooks(harness.services, { limit: 5, ...filter } as HookFilter)).rejects.toThrow(CursorError);
    }
  });

  it("show each session once with its hooks, the open ones among the ended", async () => {
    harness.advance("1h");
    await harness.chat("hello", { conversation: "open" });
    // Who wrote in a session is read without consistency.
    harness.advance("1s");
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const filter: SessionFilter = { limit: 50, cursor };
      const page = await listSessions(harness.services, filter);
      found.push(...page.sessions.map(({ session, hooks }) => `${session.chat.id} ${session.status} ${hooks.length}`));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(found[0]).toBe("open open 0");
    expect(new Set(found).size).toBeGreaterThanOrEqual(COUNT + 1);
    const read = async (filter: Partial<SessionFilter>) =>
      (await listSessions(harness.services, { limit: 200, ...filter })).sessions.map(({ session }) => session.chat.id);
    expect(await read({ user: "ann" })).toEqual(["open"]);
    expect(await read({ user: "nobody" })).toEqual([]);
    expect(await read({ reason: "idle", until: now })).toHaveLength(COUNT / 2);
    expect(await read({ conversation: "chat-5", order: "oldest" })).toEqual(["chat-5"]);
  });

  it("find a session by an end of its id that no other has", async () => {
    const wanted = seeded[11]?.session.session ?? "";
    expect(await resolveSession(harness.services, `…${wanted.slice(-8)}`)).toMatchObject({ session: wanted });
    expect(await resolveSession(harness.services, wanted)).toMatchObject({ session: wanted });
    await expect(resolveSession(harness.services, wanted.slice(0, 4))).rejects.toThrow(/several sessions: /);
    await expect(resolveSession(harness.services, "ZZZZZZZ")).rejects.toThrow(/no session "ZZZZZZZ"/);
    await expect(resolveSession(harness.services, "Z")).rejects.toThrow(/no session "Z"/);
  });
});
