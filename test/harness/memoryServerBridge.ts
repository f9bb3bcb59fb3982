import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import {
  type Answer,
  type FaultServer,
  type SeenRequest,
  startFaultServer,
} from "../../lib/adapter/testing/faultServer.ts";

/** The program of `@modelcontextprotocol/server-memory`, as a config names it. */
export const MEMORY_SERVER = fileURLToPath(import.meta.resolve("@modelcontextprotocol/server-memory/dist/index.js"));

/** An entity of its graph. */
interface Entity {
  readonly name: string;
  readonly observations: readonly string[];
}

/** The real memory server, and where it keeps its graph. */
export interface MemoryServer {
  /** Sends one JSON-RPC message; answers what the server says to it, and nothing to a notification. */
  send(message: Message): Promise<object | undefined>;
  readonly entities: () => readonly Entity[];
  /** Forgets everything. */
  clear(): void;
  stop(): void;
}

interface Message {
  readonly id?: number | string;
  readonly method: string;
}

/** Where a memory server keeps its graph. */
export function memoryFile() {
  const folder = mkdtempSync(join(tmpdir(), "vesper-mcp-"));
  const path = join(folder, "memory.jsonl");
  return {
    path,
    entities: (): readonly Entity[] =>
      existsSync(path)
        ? readFileSync(path, "utf8")
            .split("\n")
            .filter((line) => line !== "")
            .map((line) => JSON.parse(line))
        : [],
    clear: () => rmSync(path, { force: true }),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Starts the real `@modelcontextprotocol/server-memory`, which speaks over stdin and stdout. */
export function startMemoryServer(): MemoryServer {
  const file = memoryFile();
  const child = spawn(process.execPath, [MEMORY_SERVER], {
    env: { ...process.env, MEMORY_FILE_PATH: file.path },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const waiting = new Map<number, (answer: object) => void>();
  let count = 0;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line);
    waiting.get(answer.id)?.(answer);
  });
  return {
    send: ({ id, ...message }) => {
      if (id === undefined) {
        child.stdin.write(`${JSON.stringify(message)}\n`);
        return Promise.resolve(undefined);
      }
      // Each client counts from 0, and there are many.
      const own = ++count;
      child.stdin.write(`${JSON.stringify({ ...message, id: own })}\n`);
      return new Promise((resolve) => waiting.set(own, (answer) => resolve({ ...answer, id })));
    },
    entities: file.entities,
    clear: file.clear,
    stop: () => {
      child.kill();
      file.remove();
    },
  };
}

/**
 * The memory server behind streamable HTTP, without sessions: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 *
 * @param key the bearer token that is asked for
 */
export function bridgeTo(server: MemoryServer, key: string): Promise<FaultServer> {
  return startFaultServer(async ({ method, path, headers, body }: SeenRequest): Promise<Answer> => {
    if (headers.authorization !== `Bearer ${key}`) return { status: 401 };
    if (method !== "POST" || path !== "/mcp") return { status: 405 };
    const accept = headers.accept ?? "";
    if (!accept.includes("application/json") || !accept.includes("text/event-stream")) return { status: 406 };
    const answer = await server.send(JSON.parse(body));
    if (answer === undefined) return { status: 202 };
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(answer) };
  });
}
