import { expect, it } from "vitest";
import { defineAdapter } from "../../../lib/adapter/Adapter.ts";
import type { Agent } from "../../../lib/adapter/Agent.ts";
import type { MemoryProvider } from "../../../lib/adapter/MemoryProvider.ts";
import { secretSchema } from "../../../lib/adapter/options.ts";
import { strictFields } from "../../../lib/adapter/schema/strictFields.ts";
import { functionSecrets } from "../../../lib/config/secrets.ts";
import { openaiEmbeddings } from "../../../lib/embeddings/openai/openai.ts";
import { defineConfig, secret } from "../../../lib/index.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { webhook } from "../../../lib/memory/webhook/webhook.ts";
import { openai } from "../../../lib/models/openai/openai.ts";
import { http } from "../../../lib/platforms/http/http.ts";

const options = strictFields({ key: secretSchema });

const model = defineAdapter("agent", "model", options, (): Agent => ({ reply: async () => "" }));

const recalling = defineAdapter(
  "memory",
  "recalling",
  options,
  (): MemoryProvider => ({
    capabilities: { idempotency: "none" },
    onSessionEnd: async () => ({}),
    recall: async () => [],
  }),
);

const config = defineConfig({
  agent: model({ key: secret("MODEL_KEY") }),
  platforms: { http: http({ secret: [secret("HTTP_NEW"), secret("HTTP_OLD")] }) },
  memory: {
    crm: webhook({ url: "https://example.com", secret: secret("CRM_SECRET") }),
    notes: recalling({ key: secret("NOTES_KEY") }),
    again: recalling({ key: secret("NOTES_KEY") }),
  },
});

it.each([
  ["webhook", ["HTTP_NEW", "HTTP_OLD"]],
  ["message", ["HTTP_NEW", "HTTP_OLD", "MODEL_KEY", "NOTES_KEY"]],
  ["session-end", ["CRM_SECRET", "NOTES_KEY"]],
] as const)(
  "gives the %s function the secrets that it uses, each once, and the turn none of a provider that never recalls",
  (name, expected) => {
    expect(functionSecrets(config, name)).toEqual(expected);
  },
);

it("gives the message function the key of embeddings, and of the model that learns none", () => {
  const builtins = defineConfig({
    platforms: { http: http({ secret: secret("HTTP_SECRET") }) },
    memory: {
      own: builtin({
        model: openai({ model: "m", key: secret("MODEL_KEY") }),
        embeddings: openaiEmbeddings({ model: "e", key: secret("EMBEDDINGS_KEY") }),
      }),
    },
  });
  expect(functionSecrets(builtins, "message")).toEqual(["EMBEDDINGS_KEY", "HTTP_SECRET"]);
  expect(functionSecrets(builtins, "session-end")).toEqual(["EMBEDDINGS_KEY", "MODEL_KEY"]);
});
