import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { handlerSettings } from "../../../../lib/services/handlerSettings.ts";
import { asLambda } from "../../../../lib/services/middlewares/asLambda.ts";
import { provide } from "../../../../lib/services/middlewares/provide.ts";

const context = { functionName: "message" } as Context;

describe("provide", () => {
  it("gives the handler what is built, beside what Lambda's context has", async () => {
    const handler = middy<unknown, string>(handlerSettings)
      .use(provide(() => ({ greeting: "hello" })))
      .handler((_event, { greeting, functionName }) => `${greeting}, ${functionName}`);

    expect(await asLambda<object, string>(handler)({}, context)).toBe("hello, message");
  });

  it("asks for it at each invocation, so that a change is seen by the next one", async () => {
    let built = 0;
    const handler = middy<unknown, number>(handlerSettings)
      .use(provide(() => ({ number: ++built })))
      .handler((_event, { number }) => number);
    const invoke = asLambda<object, number>(handler);

    expect([await invoke({}, { ...context }), await invoke({}, { ...context })]).toEqual([1, 2]);
  });

  it("fails the invocation with what the building throws, and does not run the handler", async () => {
    let runs = 0;
    const build = (): object => {
      throw new RangeError("no table");
    };
    const handler = middy<unknown, number>(handlerSettings)
      .use(provide(build))
      .handler(() => ++runs);

    await expect(asLambda<object, number>(handler)({}, context)).rejects.toThrow("no table");
    expect(runs).toBe(0);
  });
});
