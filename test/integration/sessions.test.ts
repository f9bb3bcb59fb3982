import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { endSessionById } from "../../lib/operator/endSession.ts";
import { findSession, showSession } from "../../lib/operator/findSession.ts";
import { listSessions } from "../../lib/operator/listSessions.ts";
import { sessionDetails } from "../../lib/operator/SessionDetails.ts";
import { sessionView } from "../../lib/operator/views.ts";
import { hookItem, sessionItem } from "../../lib/store/keys.ts";
import { type GatewayHarness, startGatewayHarness } from "../harness/GatewayHarness.ts";

describe("an operator of sessions", () => {
  let harness: GatewayHarness;
  beforeAll(async () => {
    harness = await startGatewayHarness();
    await talk("first", 2);
    harness.advance("1s");
    await harness.chat("/reset", { conversation: "first" });
    harness.advance("1m");
    await talk("second", 1);
    harness.advance("1m");
    await talk("third", 3);
    harness.advance("1m");
  });
  afterAll(() => harness.stop());

  const list = async (filter: Partial<Parameters<typeof listSessions>[1]> = {}) =>
    (await listSessions(harness.services, { limit: 20, ...filter })).sessions.map(sessionView);
  const chats = (views: Awaited<ReturnType<typeof list>>) =>
    views.map(({ conversation, status, turns }) => `${conversation.split("/")[2]} ${status} ${turns}`);

  it("sees open and ended sessions together, newest first, an open one with the turns it has by now", async () => {
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

  it("gets what the filter of status and platform means, up to the limit", async () => {
    expect(chats(await list({ status: "ended" }))).toEqual(["first ended 2"]);
    expect(chats(await list({ status: "open", limit: 2 }))).toEqual(["third open 3", "second open 1"]);
    expect(chats(await list({ limit: 1 }))).toEqual(["third open 3"]);
    expect(await list({ platform: "telegram" })).toEqual([]);
    expect(await list({ platform: "http" })).toHaveLength(4);
  });

  it("sees sessions that ended without a turn only on asking for all, and as many as asked for", async () => {
    for (let silent = 0; silent < 3; silent++) {
      const conversation = `silent${silent}`;
      await harness.chat("/reset", { conversation });
      harness.advance("1s");
      const [live] = await list({ status: "open", limit: 1 });
      // Its lease is free, as its command is stored.
      expect(await endSessionById(harness.services, live?.session ?? "", "ann")).toMatchObject({ outcome: "ended" });
      await harness.settle();
    }
    expect(chats(await list({ status: "ended", limit: 1 }))).toEqual(["first ended 2"]);
    expect(chats(await list({ status: "ended", all: true, limit: 2 }))).toEqual(["silent2 ended 0", "silent1 ended 0"]);
  });

  it("finds a session by its id alone, with transcript, hooks and receipts", async () => {
    const [ended] = await list({ status: "ended" });
    const shown = await showSession(harness.services, ended?.session ?? "");
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

  it("sees when and why a live session will end", async () => {
    const [open] = await list({ status: "open" });
    const shown = await showSession(harness.services, open?.session ?? "");
    expect(shown && sessionDetails(shown)).toMatchObject({ expiresAt: "2026-03-02T10:32:01.000Z", expiresWhy: "idle" });
  });

  it("finds a session that has neither turns nor hooks, open and ended, and no other", async () => {
    harness.deploy({ memory: {} });
    await harness.say("hello", { conversation: "bare" });
    // The function dies after it has read three times and written the session's row.
    harness.gate.plan({ call: 3, when: "after" });
    await harness.step.message().catch((error) => {
      if (!harness.isKilled(error)) throw error;
    });
    const bare = (await list()).find(({ conversation }) => conversation.includes("bare"));
    expect(bare).toMatchObject({ status: "open", turns: 0 });
    expect(await findSession(harness.services, bare?.session ?? "")).toMatchObject({ status: "open" });

    for (const pause of ["40m", "6m"]) {
      harness.advance(pause);
      await harness.sweep();
      await harness.settle();
    }
    expect(await findSession(harness.services, bare?.session ?? "")).toMatchObject({ status: "ended" });
    expect(await findSession(harness.services, "01J00000000000000000000000")).toBeUndefined();
    harness.deploy();
  });

  it("L23 ends a live session by its id, for the reason api, and every hook follows", async () => {
    harness.advance("1s");
    await talk("ending", 2);
    const [open] = await list({ status: "open" });
    const id = open?.session ?? "";
    expect(await endSessionById(harness.services, id, "ann")).toMatchObject({ outcome: "ended" });
    await harness.settle();
    const [ended] = await list({ status: "ended" });
    expect(ended).toMatchObject({
      ...{ session: id, reason: "api", turns: 2 },
      hooks: { crm: "delivered", builtin: "delivered" },
    });
    expect(harness.delivered().at(-1)).toMatchObject({ session: id, reason: "api", turns: 2 });

    expect(await endSessionById(harness.services, id, "ann")).toMatchObject({ outcome: "not-live" });
    expect(await endSessionById(harness.services, "nothing", "ann")).toEqual({ outcome: "unknown" });
  });

  it("L7 is not told that a session was ended which a message from before went on with", async () => {
    harness.advance("1s");
    await talk("raced", 1);
    const [open] = await list({ status: "open" });
    await harness.say("two", { conversation: "raced" });
    harness.advance("2s");
    const deletion = harness.gate.hold("DeleteItemCommand");
    const ending = endSessionById(harness.services, open?.session ?? "", "ann");
    await deletion.reached;
    await harness.step.message();
    deletion.release();

    expect(await ending).toMatchObject({ outcome: "busy" });
    expect((await list({ status: "open" }))[0]).toMatchObject({ session: open?.session, turns: 2 });
    expect(await endSessionById(harness.services, open?.session ?? "", "ann")).toMatchObject({ outcome: "ended" });
    await harness.settle();
    expect(harness.delivered().at(-1)).toMatchObject({ session: open?.session, reason: "api", turns: 2 });
  });

  it("P8 does not end a session under a running turn", async () => {
    harness.advance("1s");
    await harness.say("hello", { conversation: "busy" });
    // And here after the claim, before the turn.
    harness.gate.plan({ call: 4, when: "after" });
    await harness.step.message().catch((error) => {
      if (!harness.isKilled(error)) throw error;
    });
    const [open] = await list({ status: "open" });
    expect(open?.conversation).toContain("busy");
    expect(await endSessionById(harness.services, open?.session ?? "", "ann")).toMatchObject({ outcome: "busy" });
    await harness.recover();
    expect(await endSessionById(harness.services, open?.session ?? "", "ann")).toMatchObject({ outcome: "ended" });
    await harness.settle();
    expect(harness.delivered().at(-1)).toMatchObject({ session: open?.session, turns: 1 });
  });

  it("L2 leaves, when stopped halfway, a session that the next sweep ends, for the reason api", async () => {
    harness.advance("1s");
    await talk("stopped", 1);
    const [open] = await list({ status: "open" });
    const deletion = harness.gate.hold("DeleteItemCommand");
    // It is never released: the process is gone.
    void endSessionById(harness.services, open?.session ?? "", "ann");
    await deletion.reached;
    harness.advance("1s");
    await harness.sweep();
    await harness.settle();
    expect(harness.delivered().at(-1)).toMatchObject({ session: open?.session, reason: "api", turns: 1 });
  });

  it("T15 is told of a session or a hook that can't be read, and the others are listed", async () => {
    harness.advance("1s");
    await talk("newer", 1);
    await talk("spoiled", 1);
    await harness.chat("/reset", { conversation: "spoiled" });
    const { sessions } = await listSessions(harness.services, { limit: 20 });
    const rows = (chat: string) => sessions.filter(({ session }) => session.chat.id === chat);
    const [newer] = rows("newer").map(({ session }) => sessionItem(session.conversation, session.session));
    const [spoiled] = rows("spoiled").filter(({ session }) => session.status === "ended");
    const hook = hookItem(spoiled?.session.session ?? "", "crm");
    const { client, name } = harness.operatorTable;
    for (const [key, changes] of [
      [newer, { v: 2 }],
      [hook, { status: "parked" }],
    ] as const) {
      const { Item } = await client.send(new GetCommand({ TableName: name, Key: { ...key }, ConsistentRead: true }));
      await client.send(new PutCommand({ TableName: name, Item: { ...Item, ...changes } }));
    }

    const listed = await listSessions(harness.services, { limit: 20 });
    expect(listed.unread).toEqual([
      { ...newer, why: "newer version" },
      { ...hook, why: expect.stringContaining("status must be") },
    ]);
    expect(listed.sessions).toHaveLength(sessions.length - 1);
    const [shown] = listed.sessions.filter(({ session }) => session.session === spoiled?.session.session);
    expect(shown?.hooks).toMatchObject([{ provider: "builtin" }]);
  });

  async function talk(conversation: string, turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn++) await harness.chat(`message ${turn}`, { conversation });
  }
});
