import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { EndedSession, ProviderCall } from "../../lib/adapter/MemoryProvider.ts";
import { failureOf } from "../../lib/adapter/testing/failureOf.ts";
import type { FaultServer } from "../../lib/adapter/testing/faultServer.ts";
import { callOf, endedSession, recallQuery } from "../../lib/adapter/testing/sessions.ts";
import type { Json } from "../../lib/domain/json.ts";
import {
  bridgeTo,
  MEMORY_SERVER,
  type MemoryServer,
  memoryFile,
  startMemoryServer,
} from "../harness/memoryServerBridge.ts";
import { KEY, optionsFor, providerOf, TOOLS } from "./mcpOptions.ts";

let memory: MemoryServer;
beforeAll(() => {
  memory = startMemoryServer();
});
afterAll(() => memory.stop());

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
  const toolCalls = () =>
    server.requests
      .flatMap(({ body }) => (body === "" ? [] : JSON.parse(body)))
      .filter(({ method }) => method === "tools/call")
      .map(({ params }) => params);

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
