import { describe, it } from "node:test";
import { secret } from "vesper";
import { memoryProviderConformance, startFaultServer, testServices } from "vesper/testing";
import { notes } from "../adapters/notes.ts";

const TOKEN = `nt_${"a".repeat(32)}`;

memoryProviderConformance(
  { describe, it },
  "notes",
  async () => {
    const stored: Record<string, unknown> = {};
    const server = await startFaultServer(({ path, body }) => {
      stored[path] = JSON.parse(body);
      return { status: 200 };
    });
    return {
      provider: notes({ url: server.url, token: secret("TOKEN") }).create(testServices({ TOKEN }, 5_000)),
      stored: async () => structuredClone(stored),
      server,
      secrets: [TOKEN],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "upsert", recall: false, forget: false },
);
