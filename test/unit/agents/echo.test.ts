import { expect, it } from "vitest";
import { agentInput } from "../../../lib/adapter/testing/AgentFixture.ts";
import { testServices } from "../../../lib/adapter/testing/testServices.ts";
import { echo } from "../../../lib/agents/echo/echo.ts";
import { none } from "../../../lib/agents/none/none.ts";

const input = agentInput();

it("echo repeats what was said", async () => {
  expect(await echo().create(testServices()).reply(input)).toBe("You said: Hello");
});

it("echo shows what was recalled, a line each", async () => {
  const memories = [{ text: "Name: Ana" }, { text: "Lives in\nLisbon" }];
  expect(
    await echo({})
      .create(testServices())
      .reply({ ...input, memories }),
  ).toBe("You said: Hello\n\nI remember:\n- Name: Ana\n- Lives in Lisbon");
});

it("none says nothing", async () => {
  expect(await none().create(testServices()).reply(input)).toBeUndefined();
});

it("echo and none take no option", () => {
  // @ts-expect-error wrong on purpose
  expect(echo({ voice: "loud" }).problems()).toEqual([
    { path: ["voice"], message: "not a known option; leave it out" },
  ]);
  expect(none().problems()).toEqual([]);
});
