import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tableMemoryStore } from "../../lib/memory/tableMemoryStore.ts";
import { auditEntrySchema } from "../../lib/operator/audit/AuditEntry.ts";
import { type ForgetTools, forgetUser } from "../../lib/operator/forget/forgetUser.ts";
import { listRecords } from "../../lib/operator/listRecords.ts";
import { nodeHttpClient } from "../../lib/runtime/nodeHttpClient.ts";
import { allRows, hookRows, sessionRows } from "../world/rows.ts";
import { startWorld, type World } from "../world/World.ts";

const ANN = { id: "ann", name: "Ann" };
const BOB = { id: "bob", name: "Bob" };

describe("forgetting a user", () => {
  let world: World;
  beforeEach(async () => {
    world = await startWorld();
    world.deploy({ groups: "shared" });
  });
  afterEach(() => world.stop());

  const tools = (): ForgetTools => ({
    services: { table: world.operatorTable, clock: world.clock, newId: world.services.newId },
    config: world.services.config,
    adapters: {
      ...{ clock: world.clock, http: nodeHttpClient, memories: tableMemoryStore(world.operatorTable, world.clock) },
      secrets: { get: () => Promise.reject(new Error("no secret is needed to forget")) },
    },
    queues: {
      inbound: { client: world.operatorQueues, url: world.wiring.queues.inbound },
      inboundDeadLetters: { client: world.operatorQueues, url: world.wiring.queues.inboundDead },
    },
  });
  const forget = (act: boolean, user = "ann") =>
    forgetUser(tools(), { platform: "http", user }, { who: "op@test", act });
  const stored = async () => JSON.stringify(await allRows(world));

  async function talk(): Promise<void> {
    await world.chat("My name is Ann. I live in Lisbon", { conversation: "dm", user: ANN });
    world.advance("1s");
    await world.chat("/reset", { conversation: "dm", user: ANN });
    const group = { conversation: "g", chatType: "group" } as const;
    await world.chat("I like Fado, says she", { ...group, user: ANN });
    world.advance("1s");
    await world.chat("I live in Porto, says he", { ...group, user: BOB });
  }

  it("says first what there is, and changes nothing", async () => {
    await talk();
    const before = await stored();
    expect(await forget(false)).toMatchObject({
      ...{ acted: false, sessions: 2, live: 1, turns: 2, hooksDiscarded: 0, letters: 0 },
      providers: [
        { provider: "crm", status: "can't", detail: expect.stringContaining("by hand") },
        { provider: "builtin", status: "would erase" },
      ],
    });
    expect(await stored()).toBe(before);
  });

  it("erases words, name and memories everywhere, and leaves what others said; counts still match", async () => {
    await talk();
    expect(await stored()).toContain("Lisbon");
    const report = await forget(true);
    expect(report).toMatchObject({ acted: true, sessions: 2, turns: 2 });
    expect(report.providers).toMatchObject([{ status: "can't" }, { status: "erased" }]);
    const left = await stored();
    for (const word of ["Lisbon", "Fado", "My name", "Ann"]) expect(left).not.toContain(word);
    expect(left).toContain("Porto");

    world.advance("1s");
    await world.chat("/reset", { conversation: "g", chatType: "group", user: BOB });
    const [group] = (await sessionRows(world, "g")).filter(({ status }) => status === "ended");
    expect(group?.turns).toBe(2);
    const delivered = world.delivered().find(({ session }) => session === group?.session);
    expect(JSON.stringify(delivered)).toContain("Porto");
    expect(JSON.stringify(delivered)).not.toContain("Fado");
    expect(await forget(true)).toMatchObject({ sessions: 0, turns: 0 });
  });

  it("what is not delivered yet never is, unless others spoke in it", async () => {
    world.provider.setMode(401);
    await talk();
    world.advance("1s");
    await world.chat("/reset", { conversation: "g", chatType: "group", user: BOB });
    expect(await hookRows(world, "crm")).toMatchObject([{ status: "dead" }, { status: "dead" }]);
    expect(await forget(true)).toMatchObject({ hooksDiscarded: 1, hooksKept: 1 });
    const hooks = await hookRows(world, "crm");
    expect(hooks.map(({ status }) => status).toSorted()).toEqual(["dead", "skipped"]);
    world.provider.setMode("ok");
    await world.redrive(await world.deadHooks());
    await world.settle();
    expect(JSON.stringify(world.provider.effects)).not.toMatch(/Lisbon|Fado/);
    expect(JSON.stringify(world.provider.effects)).toContain("Porto");
  });

  it("is written down without a word that names the user", async () => {
    await talk();
    await forget(true);
    const { records } = await listRecords(tools().services, "AUDIT", auditEntrySchema, { limit: 10 });
    expect(records).toHaveLength(2);
    expect(records.map(({ action }) => action).toSorted()).toEqual(["forget", "inbound discard"]);
    expect(JSON.stringify(records)).not.toMatch(/ann\b/i);
  });
});
