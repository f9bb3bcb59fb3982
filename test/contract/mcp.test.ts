import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import type { FaultServer } from "../../lib/adapter/testing/faultServer.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import type { Json } from "../../lib/domain/json.ts";
import { bridgeTo, type MemoryServer, startMemoryServer } from "../harness/memoryServerBridge.ts";
import { KEY, optionsFor, providerOf, TOOLS } from "./mcpOptions.ts";

let memory: MemoryServer;
beforeAll(() => {
  memory = startMemoryServer();
});
afterAll(() => memory.stop());

const fixtureOf = (repeated: "ignored" | "stored") => async () => {
  memory.clear();
  const server = await bridgeTo(memory, KEY);
  return {
    provider: providerOf({ ...optionsFor(server), repeated }),
    stored: async () => memory.entities(),
    server,
    secrets: [KEY],
    close: () => server.close(),
  };
};

// With the real server-memory.
memoryProviderConformance({ describe, it }, "mcp, tools that ignore a repetition", fixtureOf("ignored"), {
  server: true,
  idempotency: "upsert",
  recall: true,
  forget: true,
});

memoryProviderConformance({ describe, it }, "mcp, other tools", fixtureOf("stored"), {
  server: true,
  idempotency: "none",
  recall: true,
  forget: true,
});

describe("mcp", () => {
  let server: FaultServer;
  beforeEach(async () => {
    memory.clear();
    server = await bridgeTo(memory, KEY);
  });
  afterEach(() => server.close());

  /** Delivers, with a checkpoint that is kept as the ledger keeps it. */
  const delivery = (options = optionsFor(server)) => {
    let checkpoint: Json | undefined;
    const saveCheckpoint = async (value: Json) => {
      checkpoint = JSON.parse(JSON.stringify(value));
    };
    return (session: EndedSession, changes: Partial<ProviderCall> = {}) =>
      providerOf(options).onSessionEnd(session, callOf(session, { checkpoint, saveCheckpoint, ...changes }));
  };
  const [ana, bea] = [{ id: "u-ana", name: "Ana" }, { id: "u-bea" }];
  const said = (...contents: string[]) =>
    contents.map((content, at) => ({ role: "user", content, author: ana, at: at + 1 }) as const);
  const toolCalls = () =>
    server.requests
      .flatMap(({ body }) => (body === "" ? [] : JSON.parse(body)))
      .filter(({ method }) => method === "tools/call")
      .map(({ params }) => params);

  it("W4 gives each user of a group an entity of what they wrote and were answered, each line by its author", async () => {
    const receipt = await delivery()(
      endedSession({
        chat: { id: "g-1", type: "group" },
        users: [ana, bea],
        messages: [
          { role: "user", content: "I like tea.", author: ana, at: 60_000 },
          { role: "assistant", content: "Tea, Ana.", at: 120_000 },
          { role: "user", content: "I like coffee.", author: bea, at: 180_000 },
        ],
      }),
    );
    const [first, second] = memory.entities();
    expect([first, second]).toMatchObject([
      {
        name: expect.stringMatching(/^u-ana-[0-9a-f]{16}$/),
        observations: ["1970-01-01 00:01 Ana: I like tea.", "1970-01-01 00:02 assistant: Tea, Ana."],
      },
      { name: expect.stringMatching(/^u-bea-/), observations: ["1970-01-01 00:03 u-bea: I like coffee."] },
    ]);
    expect(receipt).toEqual({ body: `3 messages of 3, for ${first?.name}, ${second?.name}` });
  });

  it("recalls the newest first where the config says that they stand last, and no more than are asked for", async () => {
    await delivery()(endedSession({ messages: said("one", "two", "three") }));
    const recalled = await providerOf(optionsFor(server)).recall?.(
      recallQuery({ limit: 2 }),
      AbortSignal.timeout(2_000),
    );
    expect(recalled?.map(({ text }) => text)).toEqual(["1970-01-01 00:00 Ana: three", "1970-01-01 00:00 Ana: two"]);
  });

  it("T16 T17 stores a long session in several calls of at most 100 KB, with every character, each with a key of its own", async () => {
    const content = "👩‍👩‍👧 نور 李 ".repeat(12_000);
    const options = optionsFor(server);
    const [create] = TOOLS.store;
    if (!create) throw new Error("there are no tools");
    const store = [
      create,
      {
        tool: "add_observations",
        arguments: { observations: [{ entityName: "{user}", contents: ["{key}", "{transcript}"] }] },
      },
    ];
    const session = endedSession({ messages: said(content) });
    await delivery({ ...options, tools: { store } })(session);
    const [{ observations } = { observations: [] }] = memory.entities();
    const keys = observations.filter((one) => /^[0-9a-f]{64}$/.test(one));
    const lines = observations.filter((one) => !keys.includes(one));
    expect(keys.length).toBeGreaterThan(3);
    expect(lines).toHaveLength(keys.length);
    expect(lines.map((line) => JSON.parse(line).content).join("")).toBe(content);
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(100_000);

    await delivery({ ...options, tools: { store } })(session);
    expect(memory.entities()[0]?.observations, "a repetition brings the same keys").toEqual(observations);
  });

  it("L17 goes on behind what was acknowledged when a later call fails", async () => {
    const end = delivery();
    const messages = said(...Array.from({ length: 3 }, (_, i) => `${i} ${"long ".repeat(15_000)}`));
    // Two of the connection's, and both calls of the first part.
    server.passNext(4);
    server.failNext(1, 503);
    expect(await failureOf(end(endedSession({ messages })))).toMatchObject({ kind: "transient", status: 503 });
    const before = toolCalls().length;
    await end(endedSession({ messages }), { attempt: 2 });
    expect(memory.entities()[0]?.observations).toHaveLength(3);
    expect(toolCalls().slice(before)).toHaveLength(4);
  });

  it("D4 stores nothing twice where the acknowledgement of either call of a portion is lost", async () => {
    for (const passed of [2, 3]) {
      memory.clear();
      server.passNext(passed);
      server.failNext(1, "lost-ack");
      expect(await failureOf(delivery()(endedSession()))).toMatchObject({ kind: "transient", outcome: "unknown" });
      await delivery()(endedSession(), { attempt: 2 });
      expect(memory.entities().map(({ observations }) => observations)).toEqual([
        ["2026-03-01 12:00 Ana: My name is Ana and I live in Lisbon.", "2026-03-01 12:00 assistant: Nice to meet you!"],
      ]);
    }
  });

  it("says that a repetition is stored again, unless the config says that the tools ignore it", () => {
    const { repeated: _, ...options } = optionsFor(server);
    expect(providerOf(options).capabilities).toEqual({ idempotency: "none" });
    expect(providerOf(optionsFor(server)).capabilities).toEqual({ idempotency: "upsert" });
  });

  it("does not recall and does not forget where the config names no tool for it", () => {
    const { recall, forget } = providerOf({ ...optionsFor(server), tools: { store: TOOLS.store } });
    expect([recall, forget]).toEqual([undefined, undefined]);
  });

  it("acknowledges without a call a session in which nobody is named, as there is no user to put it under", async () => {
    const messages = [{ role: "user", content: "Hello", at: 1 } as const];
    expect(await delivery()(endedSession({ users: [], messages }))).toEqual({ body: "0 messages of 1, for nobody" });
    expect(server.requests).toEqual([]);
  });
});
