import { mkdtempSync, rmSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import * as v from "valibot";
import type { MemoryProvider } from "../../../lib/adapter/MemoryProvider.ts";
import { perUser } from "../../../lib/adapter/perUser.ts";
import { DIMENSIONS } from "./embedders.ts";

/** What is used of mem0's engine: https://docs.mem0.ai/open-source/node-quickstart */
interface Engine {
  add(messages: readonly { role: string; content: string }[], whose: { userId: string }): Promise<unknown>;
  getAll(which: { filters: { user_id: string }; topK: number }): Promise<unknown>;
  search(query: string, which: { filters: { user_id: string }; topK: number }): Promise<unknown>;
}

const packageSchema = v.object({
  Memory: v.custom<new (config: object) => Engine>((value) => typeof value === "function"),
});

const foundSchema = v.object({ results: v.array(v.object({ memory: v.string() })) });

/** mem0's engine as a memory provider, an empty one each time, with the stub at `baseURL` for all models; and what keeps its rows. */
export interface Mem0 {
  readonly create: (baseURL: string) => MemoryProvider;
  readonly database: "better-sqlite3" | "node:sqlite";
}

/**
 * Loads mem0's open-source engine from the folder that it is installed in. It keeps its rows in memory, and
 * tells nobody that it runs.
 */
export async function loadMem0(folder: string): Promise<Mem0> {
  process.env.MEM0_TELEMETRY = "false";
  const settings = mkdtempSync(join(tmpdir(), "vesper-mem0-"));
  process.on("exit", () => rmSync(settings, { recursive: true }));
  process.env.MEM0_DIR = settings;
  const database = hasBinary(folder) ? "better-sqlite3" : "node:sqlite";
  if (database === "node:sqlite") {
    const url = new URL("betterSqlite3.ts", import.meta.url).href;
    registerHooks({
      resolve: (name, context, next) =>
        name === "better-sqlite3" ? { url, format: "module-typescript", shortCircuit: true } : next(name, context),
    });
  }
  const entry = pathToFileURL(join(resolve(folder), "node_modules/mem0ai/dist/oss/index.mjs")).href;
  const { Memory } = v.parse(packageSchema, await import(entry));
  const create = (baseURL: string) => {
    const asked = { provider: "openai", config: { apiKey: "stub", baseURL, model: "stub" } };
    return providerOf(
      new Memory({
        llm: asked,
        embedder: asked,
        vectorStore: {
          provider: "memory",
          config: { collectionName: "bench", dimension: DIMENSIONS, dbPath: ":memory:" },
        },
        historyDbPath: ":memory:",
      }),
    );
  };
  return { create, database };
}

function providerOf(engine: Engine): MemoryProvider {
  return {
    capabilities: { idempotency: "none" },
    async onSessionEnd(session) {
      for (const { user, messages } of perUser(session)) {
        const words = messages.map(({ role, content }) => ({ role, content }));
        await engine.add(words, { userId: user.id });
      }
      return {};
    },
    async recall({ user, text, limit }) {
      const which = { filters: { user_id: user.id }, topK: limit };
      const found = await (text === "" ? engine.getAll(which) : engine.search(text, which));
      return v.parse(foundSchema, found).results.map(({ memory }) => ({ text: memory }));
    },
  };
}

/** Whether the native module runs here; where it was installed without its scripts it has no binary. */
function hasBinary(folder: string): boolean {
  try {
    const Database = createRequire(join(resolve(folder), "package.json"))("better-sqlite3");
    new Database(":memory:").close();
    return true;
  } catch {
    return false;
  }
}
