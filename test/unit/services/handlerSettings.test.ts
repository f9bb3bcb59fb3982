import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { expect, it } from "vitest";
import { handlerSettings } from "../../../lib/services/handlerSettings.ts";

it("B7 does not answer for a handler that is out of time, so that Lambda ends its process", async () => {
  const remaining = { getRemainingTimeInMillis: () => 20 } as Context;
  const handler = middy<object, string>(handlerSettings).handler(() => new Promise(() => {}));

  const answer = await Promise.race([
    handler({}, remaining).then(
      () => "answered",
      () => "answered",
    ),
    new Promise((resolve) => setTimeout(resolve, 60, "none")),
  ]);

  expect(answer).toBe("none");
});
