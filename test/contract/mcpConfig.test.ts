import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { mcp } from "../../lib/memory/mcp/mcp.ts";
import { type MemoryServer, startMemoryServer } from "../harness/memoryServerBridge.ts";

let memory: MemoryServer;
beforeAll(() => {
  memory = startMemoryServer();
});
afterAll(() => memory.stop());

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
