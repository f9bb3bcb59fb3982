import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endSessionById } from "../../lib/operator/endSessionById.ts";
import { findSession } from "../../lib/operator/findSession.ts";
import { listSessions } from "../../lib/operator/listSessions.ts";
import { sessionDetails } from "../../lib/operator/SessionDetails.ts";
import { sessionView } from "../../lib/operator/SessionView.ts";
import { showSession } from "../../lib/operator/showSession.ts";
import { startWorld, type World } from "../world/World.ts";

describe("what an operator sees of sessions", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    await talk("first", 2);
    world.advance("1s");
    await world.chat("/reset", { conversation: "first" });
    world.advance("1m");
    await talk("second", 1);
    world.advance("1m");
    await talk("third", 3);
    world.advance("1m");
  });
  afterAll(() => world.stop());

  const list = async (filter: Partial<Parameters<typeof listSessions>[1]> = {}) =>
    (await listSessions(world.services, { limit: 20, ...filter })).map(sessionView);
  const chats = (views: Awaited<ReturnType<typeof list>>) =>
    views.map(({ conversation, status, turns }) => `${conversation.split("/")[2]} ${status} ${turns}`);

  it("lists open and ended sessions together, newest first, an open one with the turns it has by now", async () => {
    expect(chats(await list())).toEqual(["third open 3", "second open 1", "first open 0", "first ended 2"]);
    expect((await list())[3]).toEqual({
      session: expect.stringMatching(/^[0-9A-Z]{26}$/),
      conversation: "default/http/first//",
      platform: "http",
      status: "ended",
      reason: "reset",
      startedAt: "2026-03-02T10:00:00.000Z",
      endedAt: "2026-03-02T10:00:01.000Z",
      turns: 2,
      hooks: { crm: "delivered", builtin: "delivered" },
    });
    expect((await list())[0]).toMatchObject({ status: "open", reason: null, endedAt: null, hooks: {} });
  });

  it("filters by status and platform and keeps to the limit", async () => {
    expect(chats(await list({ status: "ended" }))).toEqual(["first ended 2"]);
    expect(chats(await list({ status: "open", limit: 2 }))).toEqual(["third open 3", "second open 1"]);
    expect(chats(await list({ limit: 1 }))).toEqual(["third open 3"]);
    expect(await list({ platform: "telegram" })).toEqual([]);
    expect(await list({ platform: "http" })).toHaveLength(4);
  });

  it("shows a session, found by its id alone: transcript, hooks and receipts", async () => {
    const [ended] = await list({ status: "ended" });
    const shown = await showSession(world.services, ended?.session ?? "");
    expect(shown?.live).toBeUndefined();
    expect(shown && sessionDetails(shown)).toMatchObject({
      reason: "reset",
      chat: { id: "first", type: "dm" },
      expiresAt: null,
      transcript: [
        { kind: "turn", text: "message 0", user: { id: "ann" }, reply: "You said: message 0", status: "done" },
        { kind: "turn", text: "message 1" },
      ],
      deliveries: [
        { provider: "builtin", status: "delivered" },
        { provider: "crm", status: "delivered", receipt: { status: 200 }, lastError: null, nextAttemptAt: null },
      ],
    });
  });

  it("says when and why a live session will end", async () => {
    const [open] = await list({ status: "open" });
    const shown = await showSession(world.services, open?.session ?? "");
    expect(shown && sessionDetails(shown)).toMatchObject({ expiresAt: "2026-03-02T10:32:01.000Z", expiresWhy: "idle" });
  });

  it("finds a session that has neither turns nor hooks, open and ended, and no other", async () => {
    world.deploy({ memory: {} });
    await world.say("hello", { conversation: "bare" });
    // The function dies after it has read twice and written the session's row.
    world.outside.plan({ call: 2, when: "after" });
    await world.step.message().catch((error) => {
      if (!world.isKilled(error)) throw error;
    });
    const bare = (await list()).find(({ conversation }) => conversation.includes("bare"));
    expect(bare).toMatchObject({ status: "open", turns: 0 });
    expect(await findSession(world.services, bare?.session ?? "")).toMatchObject({ status: "open" });

    for (const pause of ["40m", "6m"]) {
      world.advance(pause);
      await world.sweep();
      await world.settle();
    }
    expect(await findSession(world.services, bare?.session ?? "")).toMatchObject({ status: "ended" });
    expect(await findSession(world.services, "01J00000000000000000000000")).toBeUndefined();
    world.deploy();
  });

  it("L23 ends a live session by its id, for the reason api; every hook follows", async () => {
    world.advance("1s");
    await talk("ending", 2);
    const [open] = await list({ status: "open" });
    const id = open?.session ?? "";
    expect(await endSessionById(world.services, id)).toMatchObject({ outcome: "ended" });
    await world.settle();
    const [ended] = await list({ status: "ended" });
    expect(ended).toMatchObject({
      ...{ session: id, reason: "api", turns: 2 },
      hooks: { crm: "delivered", builtin: "delivered" },
    });
    expect(world.delivered().at(-1)).toMatchObject({ session: id, reason: "api", turns: 2 });

    expect(await endSessionById(world.services, id)).toMatchObject({ outcome: "not-live" });
    expect(await endSessionById(world.services, "nothing")).toEqual({ outcome: "unknown" });
  });

  it("L7 does not say that it ended a session which a message from before went on with", async () => {
    world.advance("1s");
    await talk("raced", 1);
    const [open] = await list({ status: "open" });
    await world.say("two", { conversation: "raced" });
    world.advance("2s");
    const deletion = world.outside.hold("DeleteItemCommand");
    const ending = endSessionById(world.services, open?.session ?? "");
    await deletion.reached;
    await world.step.message();
    deletion.release();

    expect(await ending).toMatchObject({ outcome: "busy" });
    expect((await list({ status: "open" }))[0]).toMatchObject({ session: open?.session, turns: 2 });
    expect(await endSessionById(world.services, open?.session ?? "")).toMatchObject({ outcome: "ended" });
    await world.settle();
    expect(world.delivered().at(-1)).toMatchObject({ session: open?.session, reason: "api", turns: 2 });
  });

  it("P8 does not end a session under a running turn", async () => {
    world.advance("1s");
    await world.say("hello", { conversation: "busy" });
    // And here after the claim, before the turn.
    world.outside.plan({ call: 3, when: "after" });
    await world.step.message().catch((error) => {
      if (!world.isKilled(error)) throw error;
    });
    const [open] = await list({ status: "open" });
    expect(open?.conversation).toContain("busy");
    expect(await endSessionById(world.services, open?.session ?? "")).toMatchObject({ outcome: "busy" });
    await world.recover();
    expect(await endSessionById(world.services, open?.session ?? "")).toMatchObject({ outcome: "ended" });
    await world.settle();
    expect(world.delivered().at(-1)).toMatchObject({ session: open?.session, turns: 1 });
  });

  async function talk(conversation: string, turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await world.chat(`message ${turn}`, { conversation });
  }
});
