import { expect, it } from "vitest";
import { secret } from "../../../lib/adapter/options.ts";
import { custom } from "../../../lib/agents/custom.ts";
import { agentInput } from "../../harness/agentInput.ts";
import { testServices } from "../../harness/testServices.ts";

it("a custom agent answers what its function answers, which gets the secrets that it names", async () => {
  const agent = custom({
    reply: async ({ text }, { key }) => `${text}, ${key}`,
    secrets: { key: secret("MY_KEY") },
  });
  expect(agent.secrets()).toEqual([{ secret: "MY_KEY" }]);
  expect(await agent.create(testServices({ MY_KEY: "k-1" })).reply(agentInput())).toBe("Hello, k-1");
});

it("a custom agent needs a function", () => {
  // @ts-expect-error wrong on purpose
  const wrong = custom({ reply: "hello", secrets: { key: "sk-1" } });
  expect(wrong.problems().map(({ path }) => path.join("."))).toEqual(["reply", "secrets.key"]);
});
