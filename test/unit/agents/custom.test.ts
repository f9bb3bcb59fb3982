import { expect, it } from "vitest";
import { secret } from "../../../lib/adapter/options.ts";
import { agentInput } from "../../../lib/adapter/testing/AgentFixture.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { custom } from "../../../lib/agents/custom/custom.ts";

it("answers what its function answers, which gets the secrets that it names", async () => {
  const agent = custom({
    reply: async ({ text }, { key }) => `${text}, ${key}`,
    secrets: { key: secret("MY_KEY") },
  });
  expect(agent.secrets()).toEqual([{ secret: "MY_KEY" }]);
  expect(await agent.create(testServices({ MY_KEY: "k-1" })).reply(agentInput())).toBe("Hello, k-1");
});

it("refuses a custom agent without a function", () => {
  // @ts-expect-error wrong on purpose
  const wrong = custom({ reply: "hello", secrets: { key: "sk-1" } });
  expect(wrong.problems().map(({ path }) => path.join("."))).toEqual(["reply", "secrets.key"]);
});
