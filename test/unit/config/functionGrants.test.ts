import { expect, it } from "vitest";
import { defineAdapter } from "../../../lib/adapter/Adapter.ts";
import type { MemoryProvider } from "../../../lib/adapter/MemoryProvider.ts";
import { strictFields } from "../../../lib/adapter/schema/strictFields.ts";
import { chat } from "../../../lib/agents/chat/chat.ts";
import { functionGrants, functionSecrets } from "../../../lib/config/secrets.ts";
import { defineConfig, secret } from "../../../lib/index.ts";
import { builtin } from "../../../lib/memory/builtin/builtin.ts";
import { bedrock } from "../../../lib/models/bedrock/bedrock.ts";
import { openai } from "../../../lib/models/openai/openai.ts";

const at = (resource: string) => [{ service: "notes", resource }];

const provider = (recalls: boolean) =>
  defineAdapter(
    "memory",
    "notes",
    strictFields({}),
    (): MemoryProvider => ({ capabilities: { idempotency: "upsert" }, onSessionEnd: async () => ({}) }),
    {
      recalls,
      grants: () => [
        { actions: ["notes:Read"], resources: at("read"), only: "recall" },
        { actions: ["notes:Write"], resources: at("write"), only: "session-end" },
        { actions: ["notes:Open"], resources: at("open") },
      ],
    },
  );

const config = defineConfig({
  agent: chat({ model: bedrock({ model: "amazon.nova-lite-v1:0" }) }),
  platforms: {},
  memory: { one: provider(true)(), again: provider(true)(), silent: provider(false)() },
});

it("grants the model by which the built-in memory learns to the function that learns, and its key to no other", () => {
  const learning = defineConfig({
    platforms: {},
    memory: {
      one: builtin({ model: bedrock({ model: "amazon.nova-lite-v1:0" }) }),
      two: builtin({ model: openai({ model: "gpt-5-mini", key: secret("MODEL_KEY") }) }),
    },
  });
  const names = ["webhook", "message", "session-end"] as const;
  expect(names.map((name) => functionGrants(learning, name).length)).toEqual([0, 0, 1]);
  expect(names.map((name) => functionSecrets(learning, name))).toEqual([[], [], ["MODEL_KEY"]]);
});

it.each([
  ["webhook", []],
  ["message", ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream", "notes:Read", "notes:Open"]],
  ["session-end", ["notes:Write", "notes:Open"]],
] as const)("grants the function %s what its adapters do in AWS, each thing once: %j", (name, actions) => {
  expect(functionGrants(config, name).flatMap((grant) => grant.actions)).toEqual(actions);
});
