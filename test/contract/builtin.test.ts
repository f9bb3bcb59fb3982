import { describe, it } from "vitest";
import { secret } from "../../lib/adapter/options.ts";
import { memoryProviderConformance } from "../../lib/adapter/testing/memoryProviderConformance.ts";
import { type TestServices, testServices } from "../../lib/adapter/testing/testServices.ts";
import { openaiEmbeddings } from "../../lib/embeddings/openai/openai.ts";
import { builtin } from "../../lib/memory/builtin/builtin.ts";
import { openai } from "../../lib/models/openai/openai.ts";
import { type SeenMessage, startCompletionsFake } from "../harness/completionsFake.ts";
import { startEmbeddingsFake } from "../harness/embeddingsFake.ts";

const storedIn = ({ memories: { scopes } }: TestServices) =>
  Object.fromEntries([...scopes].map(([scope, rows]) => [scope, Object.fromEntries(rows)]));

memoryProviderConformance(
  { describe, it },
  "builtin",
  async () => {
    const services = testServices();
    return {
      provider: builtin().create(services),
      stored: async () => storedIn(services),
      secrets: [],
      close: async () => {},
    };
  },
  { server: false, idempotency: "upsert", recall: true, forget: true },
);

/** A model that takes each message for a fact: what it is shown stands as JSON in one place. */
function takeAll(messages: readonly SeenMessage[]) {
  const shown = /<data>\n(.*)\n<\/data>/s.exec(messages.at(-1)?.content ?? "")?.[1] ?? "{}";
  const said: readonly { readonly number?: number; readonly text: string }[] = JSON.parse(shown).conversation;
  const facts = said.flatMap(({ number, text }) => (number === undefined ? [] : [{ text, message: number }]));
  return { facts, taken_back: [], summary: "They talked." };
}

memoryProviderConformance(
  { describe, it },
  "builtin, with a model",
  async () => {
    const server = await startCompletionsFake(undefined, undefined, takeAll);
    const services = testServices({ KEY: server.key }, 2_000);
    const model = openai({ model: "stub-1", key: secret("KEY"), baseUrl: server.baseUrl });
    return {
      provider: builtin({ model }).create(services),
      stored: async () => storedIn(services),
      server,
      secrets: [server.key],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "upsert", recall: true, forget: true },
);

memoryProviderConformance(
  { describe, it },
  "builtin, with embeddings",
  async () => {
    const server = await startEmbeddingsFake();
    const services = testServices({ KEY: server.key }, 2_000);
    const embeddings = openaiEmbeddings({ model: "stub-embed-1", key: secret("KEY"), baseUrl: server.baseUrl });
    return {
      provider: builtin({ embeddings }).create(services),
      stored: async () => storedIn(services),
      server,
      secrets: [server.key],
      close: () => server.close(),
    };
  },
  { server: true, idempotency: "upsert", recall: true, forget: true },
);
