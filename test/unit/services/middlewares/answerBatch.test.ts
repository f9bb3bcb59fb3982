import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { handlerSettings } from "../../../../lib/services/handlerSettings.ts";
import { answerBatch } from "../../../../lib/services/middlewares/answerBatch.ts";
import { asLambda } from "../../../../lib/services/middlewares/asLambda.ts";

/** What Lambda gets of a handler that answers this. */
function answerTo(answer: readonly string[] | undefined): Promise<unknown> {
  const handler = middy<unknown, readonly string[] | undefined>(handlerSettings)
    .use(answerBatch())
    .handler(() => answer);
  return asLambda<object, unknown>(handler)({}, {} as Context);
}

describe("answerBatch", () => {
  it("reports each record that failed to the event source, in the handler's order", async () => {
    expect(await answerTo(["b", "a"])).toEqual({
      batchItemFailures: [{ itemIdentifier: "b" }, { itemIdentifier: "a" }],
    });
  });

  it("reports an empty list when all records succeeded", async () => {
    expect(await answerTo([])).toEqual({ batchItemFailures: [] });
  });

  it("answers nothing to a schedule, which has no records", async () => {
    expect(await answerTo(undefined)).toBeUndefined();
  });
});
