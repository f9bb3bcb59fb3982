import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { expect, it } from "vitest";
import type { Clock } from "../../../../lib/domain/observability.ts";
import { handlerSettings } from "../../../../lib/services/handlerSettings.ts";
import { asLambda } from "../../../../lib/services/middlewares/asLambda.ts";
import { provide } from "../../../../lib/services/middlewares/provide.ts";
import { setDeadline } from "../../../../lib/services/middlewares/setDeadline.ts";

it("tells the handler when Lambda cuts it off, by the gateway's clock", async () => {
  const clock: Clock = { now: () => 1_000_000, until: async () => undefined };
  const handler = middy<unknown, number>(handlerSettings)
    .use(provide(() => ({ services: { clock } })))
    .use(setDeadline())
    .handler((_event, { deadline }) => deadline);

  const context = { getRemainingTimeInMillis: () => 60_000 } as Context;
  expect(await asLambda<object, number>(handler)({}, context)).toBe(1_060_000);
});
