import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { secret } from "../../lib/adapter/options.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import type { FaultServer } from "../../lib/adapter/testing/faultServer.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import { testServices } from "../../lib/adapter/testing/testServices.ts";
import type { Json } from "../../lib/domain/json.ts";
import { mcp } from "../../lib/memory/mcp/mcp.ts";
import {
  bridgeTo,
  MEMORY_SERVER,
  type MemoryServer,
  memoryFile,
  startMemoryServer,
} from "../harness/memoryServerBridge.ts";

const KEY = "mcp-test-0123456789abcdef";

/** The tools of `@modelcontextprotocol/server-memory`, as docs/start/mcp.md has them. */
const TOOLS: Parameters<typeof mcp>[0]["tools"] = {
  store: [
    {
      tool: "create_entities",
      arguments: { entities: [{ name: "{user}", entityType: "person", observations: [] }] },
    },
    { tool: "add_observations", arguments: { observations: [{ entityName: "{user}", contents: ["{messages}"] }] } },
  ],
  recall: { tool: "open_nodes", arguments: { names: ["{user}"] }, items: "entities.*.observations.*", take: "last" },
  forget: { tool: "delete_entities", arguments: { entityNames: ["{user}"] } },
};

let memory: MemoryServer;
beforeAll(() => {
  memory = startMemoryServer();
});
afterAll(() => memory.stop());

const optionsFor = ({ url }: FaultServer): Parameters<typeof mcp>[0] => ({
  server: { url: `${url}/mcp`, key: secret("MCP") },
  tools: TOOLS,
  repeated: "ignored",
});

const providerOf = (options: Parameters<typeof mcp>[0]) => mcp(options).create(testServices({ MCP: KEY }, 2_000));

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

  it("takes a tool that fails as passing, with its words for the ledger alone, as a model behind it may be busy", async () => {
    const [, add] = TOOLS.store;
    if (!add) throw new Error("there is no second call");
    const failure = await failureOf(delivery({ ...optionsFor(server), tools: { store: [add] } })(endedSession()));
    expect(failure).toMatchObject({ kind: "transient", retry: true, outcome: "rejected" });
    expect(failure.message).toBe("the tool add_observations says that it has failed");
    expect(failure.body).toMatch(/^Entity with name u-ana-\w+ not found$/);
  });

  it("L9 takes an answer that tells of an error as a failure, as of Graphiti's server, whose tools never fail", async () => {
    const error = JSON.stringify({ error: "Error queuing episode: no database" });
    const result = { content: [{ type: "text", text: error }], structuredContent: { result: JSON.parse(error) } };
    server.passNext(2);
    server.failNext(1, {
      ...{ status: 200, headers: { "content-type": "application/json" } },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, result }),
    });
    expect(await failureOf(delivery()(endedSession()))).toMatchObject({ kind: "transient", body: error });
  });

  it.each([
    ["is not there", { tool: "remember", arguments: { who: "{user}", what: "{transcript}" } }],
    ["takes other arguments", { tool: "add_observations", arguments: { who: "{user}", what: "{transcript}" } }],
  ])("P12 takes a tool that %s as final, as somebody has to mend the config", async (_, call) => {
    const failure = await failureOf(delivery({ ...optionsFor(server), tools: { store: [call] } })(endedSession()));
    expect(failure).toMatchObject({ kind: "invalid", retry: false });
    expect(failure.message).toBe(`the tool ${call.tool} is not there, or takes other arguments`);
  });

  it("takes an error of the protocol by its code, and shows none of its words", async () => {
    const error = (code: number) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, error: { code, message: "My name is Ana" } }),
    });
    for (const [code, kind] of [
      [-32602, "invalid"],
      [-32603, "transient"],
    ] as const) {
      server.passNext(2);
      server.failNext(1, error(code));
      const failure = await failureOf(delivery()(endedSession()));
      expect(failure).toMatchObject({
        kind,
        outcome: "rejected",
        message: `the MCP server answered with error ${code}`,
      });
    }
  });

  it("gives a tool up that does not answer in time", async () => {
    server.passNext(2);
    server.setMode("hang");
    const failure = failureOf(delivery()(endedSession(), { timeout: 300 }));
    expect(await failure).toMatchObject({ kind: "timeout", outcome: "unknown" });
  });

  it("acknowledges without a call a session in which nobody is named, as there is no user to put it under", async () => {
    const messages = [{ role: "user", content: "Hello", at: 1 } as const];
    expect(await delivery()(endedSession({ users: [], messages }))).toEqual({ body: "0 messages of 1, for nobody" });
    expect(server.requests).toEqual([]);
  });

  it("reads answers that come as a stream of events, and takes leave where the server keeps sessions", async () => {
    const stream = (body: object) => ({
      status: 200,
      headers: { "content-type": "text/event-stream", "mcp-session-id": "s-1" },
      body: `event: message\ndata: ${JSON.stringify({ jsonrpc: "2.0", ...body })}\n\n`,
    });
    const info = {
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "m", version: "1" },
    };
    server.failNext(1, stream({ id: 0, result: info }));
    server.passNext(1);
    server.failNext(1, stream({ id: 1, result: { content: [{ type: "text", text: "Ana likes tea." }] } }));
    const recall = { tool: "recall", arguments: { user: "{user}", query: "{query}", most: "{limit}" } };
    const provider = providerOf({ ...optionsFor(server), tools: { store: TOOLS.store, recall } });
    expect(await provider.recall?.(recallQuery(), AbortSignal.timeout(2_000))).toEqual([{ text: "Ana likes tea." }]);
    expect(toolCalls()[0]?.arguments).toEqual({ user: expect.stringMatching(/^u-ana-/), query: "Who am I?", most: 10 });
    expect(server.requests.at(-1)).toMatchObject({ method: "DELETE", headers: { "mcp-session-id": "s-1" } });
  });

  it("works with the real server-memory as a program of this machine", async () => {
    const file = memoryFile();
    const program = { command: process.execPath, args: [MEMORY_SERVER], env: { MEMORY_FILE_PATH: file.path } };
    const options = { ...optionsFor(server), server: program };
    await delivery(options)(endedSession(), { timeout: 10_000 });
    const provider = providerOf(options);
    const recalled = await provider.recall?.(recallQuery(), AbortSignal.timeout(10_000));
    expect(recalled?.map(({ text }) => text)).toContain("2026-03-01 12:00 Ana: My name is Ana and I live in Lisbon.");
    await provider.forget?.(recallQuery());
    expect(file.entities()).toEqual([]);
    file.remove();
  });

  it("takes a program that does not start as passing, and says so", async () => {
    const options = { ...optionsFor(server), server: { command: "/nowhere/memory-server" } };
    expect(await failureOf(delivery(options)(endedSession()))).toMatchObject({ kind: "transient" });
  });
});

describe("a config of mcp", () => {
  const server = { url: "https://memory.example.com/mcp" };
  const store = [{ tool: "remember", arguments: { who: "{user}", what: "{transcript}" } }];
  const problemsOf = (options: Parameters<typeof mcp>[0]) =>
    mcp(options)
      .problems()
      .map(({ path, message }) => `${path.join(".")}: ${message}`);

  it("W6 must name the user in each call, so that nobody shares a memory", () => {
    const nameless = { tool: "search", arguments: { query: "{query}" } };
    for (const tools of [
      { store, recall: nameless },
      { store: [{ tool: "remember", arguments: { what: "{transcript}" } }] },
    ]) {
      expect(problemsOf({ server, tools })).toEqual([
        expect.stringMatching(/^tools: store, recall and forget with \{user\}/),
      ]);
    }
  });

  it("must store the words of a session", () => {
    const wordless = [{ tool: "remember", arguments: { who: "{user}", what: "{session}" } }];
    expect(problemsOf({ server, tools: { store: wordless } })).toEqual([
      expect.stringMatching(/^tools: store with \{transcript\} or \{messages\}/),
    ]);
  });

  it("refuses a placeholder that stands for nothing, and says which there are", () => {
    const odd = { tool: "search", arguments: { who: "{user}", query: "{question}" } };
    expect(problemsOf({ server, tools: { store, recall: odd } })).toEqual([
      "tools.recall.arguments: an object in which texts may hold {user}, {query}, {limit}",
    ]);
  });

  it("refuses a server that is neither an address nor a program, and fields of the other", () => {
    // @ts-expect-error no server
    expect(problemsOf({ server: "memory", tools: { store } })).toEqual([
      "server: an object with url and key, or with command, args and env",
    ]);
    expect(problemsOf({ server: { ...server, command: "npx" }, tools: { store } })).toEqual([
      "server.url: not a known option; leave it out",
    ]);
  });

  it("states how many deliveries its server takes at once, where the config says it", () => {
    expect(mcp({ server, tools: { store } }).limits()).toEqual({});
    expect(mcp({ server, tools: { store }, concurrency: 5 }).limits()).toEqual({ concurrency: 5 });
    expect(problemsOf({ server, tools: { store }, concurrency: 1 })).toEqual([
      "concurrency: a whole number from 2 to 1,000",
    ]);
  });

  it("works on one's own machine alone with a program, and anywhere with an address", () => {
    expect(mcp({ server, tools: { store } }).hereOnly()).toBeUndefined();
    expect(mcp({ server: { command: "npx" }, tools: { store } }).hereOnly()).toMatch(/^it starts a program, which /);
  });
});
